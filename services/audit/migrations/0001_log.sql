-- The log: leaves, the hashes above them, and what was signed. Rows are added and never changed.

-- migrate:up

-- One leaf for each event and each decision, in the order in which they were delivered here.
create table leaf (
    index       bigint primary key check (index >= 0),
    leaf_hash   bytea       not null check (octet_length(leaf_hash) = 32),
    entry       bytea       not null check (octet_length(entry) <= 65535), -- what is hashed and published
    kind        text        not null check (kind in ('event', 'decision')),
    source      text        not null,
    id          text        not null,
    digest      bytea       not null check (octet_length(digest) = 32), -- SHA-256 of the event's canonical bytes
    subject     text        not null, -- never published
    recorded_at timestamptz not null,
    unique (source, id)
);

create index leaf_digest on leaf (digest);
create index leaf_subject on leaf (subject, index);

-- Hashes of perfect subtrees of 256^level leaves: what stands in tiles of level 1 and above. With the leaf
-- hashes they give every tile, full or partial, at every size the log ever had.
create table node (
    level smallint not null check (level > 0),
    index bigint   not null check (index >= 0),
    hash  bytea    not null check (octet_length(hash) = 32),
    primary key (level, index)
);

-- What was signed. Each checkpoint names the size that it grew from, and no size is grown from twice: the
-- insert is a compare-and-swap, and the log cannot fork.
create table checkpoint (
    size      bigint primary key,
    grew_from bigint      not null unique,
    root      bytea       not null check (octet_length(root) = 32),
    note      bytea       not null,
    signed_at timestamptz not null,
    check (grew_from >= 0 and size > grew_from)
);

-- The second wall behind the privileges: not even the owner of the tables changes a row by mistake.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% on %: the log only grows', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$$;

create trigger only_grows before update or delete or truncate on leaf
    for each statement execute function refuse_change();
create trigger only_grows before update or delete or truncate on node
    for each statement execute function refuse_change();
create trigger only_grows before update or delete or truncate on checkpoint
    for each statement execute function refuse_change();

-- migrate:down

drop table checkpoint;
drop table node;
drop table leaf;
drop function refuse_change();

-- What every service keeps to take part in messaging: outbox, inbox, parked messages.

-- migrate:up

-- Messages that committed and are not yet on the bus. The relay reads them by seq in one snapshot and deletes
-- what it published, so the table is nearly empty and its dead rows must go quickly.
create table outbox (
    seq bigint generated always as identity primary key,
    topic text not null,
    key text not null,
    id text not null,
    body bytea not null,
    headers jsonb not null
)
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);

-- Messages that a group has handled, in the transaction that handled them.
create table inbox (
    group_name text not null,
    message_id text not null,
    claimed_at timestamptz not null default now(),
    primary key (group_name, message_id)
);

create index inbox_claimed_at on inbox using brin (claimed_at);

-- Messages of keys whose first message here could not be handled, whole and in order. A key with a row here is parked.
create table parked (
    group_name text not null,
    key text not null,
    seq bigint generated always as identity,
    topic text not null,
    id text not null,
    body bytea not null,
    headers jsonb not null,
    reason text not null, -- why the key was parked; empty for what followed
    parked_at timestamptz not null default now(),
    primary key (group_name, key, seq),
    unique (group_name, id)
);

-- migrate:down

drop table parked;
drop table inbox;
drop table outbox;

-- Everything that notification keeps. message, delivery and receipt are evidence: rows are only ever added.
-- awaiting and unrouted are work still to be done: a row leaves in the transaction that does the work.

-- migrate:up

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;

-- What organ.changed events said, each version as it was told. In force on a day: the latest valid_from that
-- is not after it, and of several with the same valid_from the one recorded last.
create table organ (
    id           text        not null,
    name         text        not null,
    kind         text        not null,
    level        text        not null,
    region       text        not null,
    parent       text,
    change       text        not null,
    successors   text[]      not null,
    valid_from   date        not null,
    recorded_at  timestamptz not null,
    event_source text        not null,
    event_id     text        not null,
    primary key (id, valid_from, event_source, event_id)
);
create index organ_overseer on organ (region, kind);

-- The newest revision of every clock: clock.warned and clock.expired name the clock only.
create table clock (
    id       text   primary key,
    row_id   text   not null,
    bearer   text   not null,
    subject  text   not null,
    due      jsonb  not null,
    revision bigint not null
);

create table message (
    id             text        primary key,
    recipient      text        not null,
    subject        text        not null,
    about_source   text        not null,
    about_id       text        not null,
    rule           text        not null,
    level          text,
    title_zh       text        not null,
    title_en       text        not null,
    body_zh        text        not null,
    body_en        text        not null,
    urgency        text        not null check (urgency in ('routine', 'prompt', 'urgent')),
    created_at     timestamptz not null,
    must_answer_by timestamptz,
    -- (tx, seq) is the order of the feed: once every transaction below tx has ended, nothing can come before it.
    tx             xid8        not null default pg_current_xact_id(),
    seq            bigint      generated always as identity
);
create index message_feed on message (recipient, tx, seq);
create index message_inbox on message (recipient, created_at, id);
create index message_subject on message (subject, created_at, id);
create trigger message_append_only before update or delete or truncate on message
    for each statement execute function refuse_change();

-- The delivery ledger: one row for each state that a message reached on a channel, in the order of seq.
create table delivery (
    seq     bigint      generated always as identity primary key,
    message text        not null references message,
    channel text        not null,
    attempt integer     not null check (attempt > 0),
    state   text        not null check (state in ('queued', 'delivered', 'read', 'acknowledged', 'expired')),
    at      timestamptz not null,
    unique (message, channel, attempt, state)
);
create trigger delivery_append_only before update or delete or truncate on delivery
    for each statement execute function refuse_change();

-- Who read a message first, and when. reader is the organ's own opaque mark for the officer, never a name.
create table receipt (
    message text        primary key references message,
    organ   text        not null,
    reader  text,
    at      timestamptz not null
);
create trigger receipt_append_only before update or delete or truncate on receipt
    for each statement execute function refuse_change();

-- Messages whose acknowledgement is open. Acknowledging and expiring both take the row; the row lock decides.
create table awaiting (
    message        text        primary key references message,
    must_answer_by timestamptz not null
);
create index awaiting_due on awaiting (must_answer_by, message);

-- Facts whose supervisors the registry cannot tell yet. waits_for: `organ:<id>` and `region:<code>` keys.
create table unrouted (
    rule        text        not null,
    fact_source text        not null,
    fact_id     text        not null,
    fact        jsonb       not null,
    waits_for   text[]      not null,
    since       timestamptz not null,
    primary key (rule, fact_source, fact_id)
);
create index unrouted_waits_for on unrouted using gin (waits_for);

-- migrate:down

drop table unrouted, awaiting, receipt, delivery, message, clock, organ;
drop function refuse_change;

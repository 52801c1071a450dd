-- Everything that intake keeps. All of it is written in the transaction whose commit the door waits for
-- before it answers, and nothing is ever deleted here.

-- migrate:up

-- One row: the numbers that the next transaction goes on from. A writer locks it first, so one transaction
-- at a time writes events: positions have no gaps, and position, recorded_at and commit have one order.
create table head (
    singleton         boolean primary key default true check (singleton),
    position          bigint      not null,
    submission        bigint      not null,
    registry_revision bigint      not null,
    recorded_at       timestamptz not null
);
insert into head values (true, 0, 0, 0, '0001-01-01 00:00:00+00');

-- The registry of organs. Insert-only: a version is replaced by a later revision of the same valid_from,
-- and ends where the next version begins. No trace of an earlier opinion is lost.
create table organ (
    id             text   not null,
    valid_from     date   not null,
    revision       bigint not null,
    valid_to       date,                  -- first day on which the organ no longer exists; null: open
    name           text   not null,
    named          boolean not null,      -- false: the name is a description, the source publishes none
    kind           text   not null,
    level          text   not null,
    region         text   not null,
    sector         text,
    parent         text,
    connected_from date,                  -- null: not connected to the shared platform
    successors     text[] not null,
    recorded_at    timestamptz not null,
    primary key (id, valid_from, revision)
);

create view organ_version as
select distinct on (id, valid_from) *
from organ
order by id, valid_from, revision desc;

create table api_key (
    id         text primary key,
    organ      text   not null,
    scopes     text[] not null,
    -- Plain SHA-256 is enough here: the key is 256 random bits, so there is nothing to guess and a slow
    -- password hash would only make every request slow.
    digest     bytea  not null unique check (octet_length(digest) = 32),
    issued_at  timestamptz not null,
    revoked_at timestamptz
);

-- Bytes as they arrived, once for each content.
create table original (
    digest text primary key,
    body   bytea not null
);

-- One arrival: a request, or one chunk of a stream. The chunks of a stream put together are the stream.
create table submission (
    id         bigint primary key,
    original   text   not null,
    channel    text   not null,
    organ      text   not null,
    key_id     text   not null,
    arrived_at timestamptz not null,
    stream     uuid,
    chunk      integer,
    items      integer not null
);
create index submission_original on submission (original);

-- An accepted event with its receipt. No foreign keys on this path: head, submission and event are written
-- by one statement, and a check for each row would cost more than the row.
create table event (
    position    bigint primary key,
    source      text   not null,
    id          text   not null,
    type        text   not null,
    subject     text   not null,
    digest      text   not null,
    body        bytea  not null,          -- canonical bytes with recordedat and partitionkey
    released_at timestamptz not null,
    recorded_at timestamptz not null,
    submission  bigint not null,
    item        integer not null,         -- place in the submission, counted from 0
    original    text   not null,
    warnings    jsonb  not null,
    unique (source, id)
);

create table refusal (
    submission bigint  not null,
    item       integer not null,
    organ      text    not null,
    source     text,                      -- as claimed, null when unreadable
    event_id   text,
    problems   jsonb   not null,
    arrived_at timestamptz not null,
    primary key (submission, item)
);
create index refusal_organ on refusal (organ, submission desc);

-- Two contents under one name. The first is the accepted event, the second is kept here whole.
create table conflict (
    id             text primary key,      -- follows from source, event and second digest
    source         text   not null,
    event_id       text   not null,
    first_position bigint not null,
    first_digest   text   not null,
    second_digest  text   not null,
    second_body    bytea  not null,
    submission     bigint not null,
    item           integer not null,
    arrived_at     timestamptz not null,
    state          text   not null default 'open' check (state in ('open', 'decided')),
    choice         text   check (choice in ('first', 'second')),
    reasons        text,
    decided_by     text,
    decided_organ  text,
    decided_at     timestamptz,
    check ((state = 'decided') = (choice is not null and decided_at is not null))
);
create index conflict_open on conflict (state, id);

-- Health of each source, kept up by the transactions that write events.
create table source (
    source           text primary key,
    accepted         bigint not null,
    repeated         bigint not null,
    conflicting      bigint not null,
    refused          bigint not null,
    last_arrived_at  timestamptz not null,
    last_released_at timestamptz,
    last_position    bigint
);

-- migrate:down
drop table source, conflict, refusal, event, submission, original, api_key;
drop view organ_version;
drop table organ, head;

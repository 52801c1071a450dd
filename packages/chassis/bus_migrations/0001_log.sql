-- The event bus of the embedded shape.

-- migrate:up

-- Append-only. Publishers to one topic take turns (advisory lock), so positions of a topic become visible in
-- ascending order and a cursor never passes over a position that commits later.
create table log (
    topic text not null,
    position bigint generated always as identity,
    key text not null,
    id text not null,
    body bytea not null,
    headers jsonb not null,
    appended_at timestamptz not null default clock_timestamp(),
    primary key (topic, position)
);

-- How far each group has come: everything up to `position` is acknowledged.
create table cursors (
    group_name text not null,
    topic text not null,
    position bigint not null default 0,
    primary key (group_name, topic)
)
with (fillfactor = 50);

-- migrate:down

drop table cursors;
drop table log;

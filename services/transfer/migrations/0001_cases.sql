-- migrate:up

-- The registry of organs as the bus told it; the last version received counts.
create table organ (
    id text primary key,
    data jsonb not null,
    recorded_at timestamptz not null
);

-- Every accepted event of a case, exactly once. `body` is the event as it stood on the bus.
create table event (
    source text not null,
    id text not null,
    subject text not null,
    name text not null,
    recorded_at timestamptz not null,
    body bytea not null,
    primary key (source, id)
);
create index event_by_subject on event (subject, recorded_at);

-- A case that was merged away, and the case in which it goes on.
create table merged_case (
    subject text primary key,
    into_subject text not null
);
create index merged_case_by_target on merged_case (into_subject);

-- The current state beside the events: the fold, what has been said, and when to look again.
create table case_file (
    subject text primary key,
    agency text not null default '',
    regions jsonb not null default '{}',
    standing jsonb not null default '{}',
    state_digest text not null default '',
    evaluated_until timestamptz,
    wake_at timestamptz,
    law_digest text not null default ''
);
create index case_file_by_wake on case_file (wake_at) where wake_at is not null;
create index case_file_by_agency on case_file (agency, subject);

-- What stands in the snapshot of each case now, for questions over many cases.
create table clock (
    id text not null,
    subject text not null,
    row text not null,
    bearer text not null,
    state text not null,
    due jsonb not null,
    view jsonb not null,
    primary key (subject, id)
);
create index clock_by_state on clock (state, row);

create table judgement (
    subject text not null,
    offence text not null,
    party text not null,
    result text not null,
    view jsonb not null,
    primary key (subject, offence, party)
);

-- Every finding ever raised; closed ones stay.
create table finding (
    id text primary key,
    subject text not null,
    rule text not null,
    level text not null,
    open boolean not null,
    organ text not null,
    first_seen timestamptz not null,
    changed_at timestamptz not null,
    view jsonb not null
);
create index finding_by_subject on finding (subject);
create index finding_open on finding (rule, level) where open;

-- Decisions of the platform in the order in which they were taken; never changed.
create table decision (
    position bigint generated always as identity primary key,
    id text not null unique,
    subject text not null,
    name text not null,
    planned timestamptz not null,
    recorded_at timestamptz not null,
    data jsonb not null
);
create index decision_by_subject on decision (subject, position);

-- migrate:down

drop table decision, finding, judgement, clock, case_file, merged_case, event, organ;

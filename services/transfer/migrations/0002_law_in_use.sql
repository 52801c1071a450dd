-- migrate:up

-- Which law the platform judged and counted by, from when on; the last row is the law in use.
create table law_in_use (
    position bigint generated always as identity primary key,
    digest text not null,
    since timestamptz not null
);

-- The organs of the registry that the state was computed with: when one of them changes, the case is due.
alter table case_file add column organs text[] not null default '{}';

-- Many cases may be due at one moment (the end of a day, a change of the law): the order in which they are
-- taken is that of the index, so that a batch never sorts all of them.
drop index case_file_by_wake;
create index case_file_by_wake on case_file (wake_at, evaluated_until, subject) where wake_at is not null;

-- migrate:down

drop index case_file_by_wake;
create index case_file_by_wake on case_file (wake_at) where wake_at is not null;
alter table case_file drop column organs;
drop table law_in_use;

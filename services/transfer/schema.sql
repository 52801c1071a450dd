CREATE SCHEMA transfer;

CREATE TABLE transfer.case_file (
    subject text NOT NULL,
    agency text DEFAULT ''::text NOT NULL,
    regions jsonb DEFAULT '{}'::jsonb NOT NULL,
    standing jsonb DEFAULT '{}'::jsonb NOT NULL,
    state_digest text DEFAULT ''::text NOT NULL,
    evaluated_until timestamp with time zone,
    wake_at timestamp with time zone,
    law_digest text DEFAULT ''::text NOT NULL,
    organs text[] DEFAULT '{}'::text[] NOT NULL
);

CREATE TABLE transfer.clock (
    id text NOT NULL,
    subject text NOT NULL,
    "row" text NOT NULL,
    bearer text NOT NULL,
    state text NOT NULL,
    due jsonb NOT NULL,
    view jsonb NOT NULL
);

CREATE TABLE transfer.decision (
    "position" bigint NOT NULL,
    id text NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    planned timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    data jsonb NOT NULL
);

ALTER TABLE transfer.decision ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfer.decision_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE transfer.event (
    source text NOT NULL,
    id text NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    body bytea NOT NULL
);

CREATE TABLE transfer.finding (
    id text NOT NULL,
    subject text NOT NULL,
    rule text NOT NULL,
    level text NOT NULL,
    open boolean NOT NULL,
    organ text NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    view jsonb NOT NULL
);

CREATE TABLE transfer.inbox (
    group_name text NOT NULL,
    message_id text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE transfer.judgement (
    subject text NOT NULL,
    offence text NOT NULL,
    party text NOT NULL,
    result text NOT NULL,
    view jsonb NOT NULL
);

CREATE TABLE transfer.law_in_use (
    "position" bigint NOT NULL,
    digest text NOT NULL,
    since timestamp with time zone NOT NULL
);

ALTER TABLE transfer.law_in_use ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfer.law_in_use_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE transfer.merged_case (
    subject text NOT NULL,
    into_subject text NOT NULL
);

CREATE TABLE transfer.organ (
    id text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE transfer.outbox (
    seq bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');

ALTER TABLE transfer.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfer.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE transfer.parked (
    group_name text NOT NULL,
    key text NOT NULL,
    seq bigint NOT NULL,
    topic text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    reason text NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE transfer.parked ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfer.parked_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY transfer.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY transfer.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (subject, id);

ALTER TABLE ONLY transfer.decision
    ADD CONSTRAINT decision_id_key UNIQUE (id);

ALTER TABLE ONLY transfer.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY transfer.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (source, id);

ALTER TABLE ONLY transfer.finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY transfer.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (group_name, message_id);

ALTER TABLE ONLY transfer.judgement
    ADD CONSTRAINT judgement_pkey PRIMARY KEY (subject, offence, party);

ALTER TABLE ONLY transfer.law_in_use
    ADD CONSTRAINT law_in_use_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY transfer.merged_case
    ADD CONSTRAINT merged_case_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY transfer.organ
    ADD CONSTRAINT organ_pkey PRIMARY KEY (id);

ALTER TABLE ONLY transfer.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY transfer.parked
    ADD CONSTRAINT parked_group_name_id_key UNIQUE (group_name, id);

ALTER TABLE ONLY transfer.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (group_name, key, seq);

CREATE INDEX case_file_by_agency ON transfer.case_file USING btree (agency, subject);

CREATE INDEX case_file_by_wake ON transfer.case_file USING btree (wake_at, evaluated_until, subject) WHERE (wake_at IS NOT NULL);

CREATE INDEX clock_by_state ON transfer.clock USING btree (state, "row");

CREATE INDEX decision_by_subject ON transfer.decision USING btree (subject, "position");

CREATE INDEX event_by_subject ON transfer.event USING btree (subject, recorded_at);

CREATE INDEX finding_by_subject ON transfer.finding USING btree (subject);

CREATE INDEX finding_open ON transfer.finding USING btree (rule, level) WHERE open;

CREATE INDEX inbox_claimed_at ON transfer.inbox USING brin (claimed_at);

CREATE INDEX merged_case_by_target ON transfer.merged_case USING btree (into_subject);

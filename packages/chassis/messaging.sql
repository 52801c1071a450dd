CREATE SCHEMA messaging;

CREATE TABLE messaging.inbox (
    group_name text NOT NULL,
    message_id text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE messaging.outbox (
    seq bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');

ALTER TABLE messaging.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME messaging.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE messaging.parked (
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

ALTER TABLE messaging.parked ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME messaging.parked_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY messaging.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (group_name, message_id);

ALTER TABLE ONLY messaging.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY messaging.parked
    ADD CONSTRAINT parked_group_name_id_key UNIQUE (group_name, id);

ALTER TABLE ONLY messaging.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (group_name, key, seq);

CREATE INDEX inbox_claimed_at ON messaging.inbox USING brin (claimed_at);

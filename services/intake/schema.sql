CREATE SCHEMA intake;

CREATE TABLE intake.api_key (
    id text NOT NULL,
    organ text NOT NULL,
    scopes text[] NOT NULL,
    digest bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_digest_check CHECK ((octet_length(digest) = 32))
);

CREATE TABLE intake.conflict (
    id text NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    first_position bigint NOT NULL,
    first_digest text NOT NULL,
    second_digest text NOT NULL,
    second_body bytea NOT NULL,
    submission bigint NOT NULL,
    item integer NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    choice text,
    reasons text,
    decided_by text,
    decided_organ text,
    decided_at timestamp with time zone,
    CONSTRAINT conflict_check CHECK (((state = 'decided'::text) = ((choice IS NOT NULL) AND (decided_at IS NOT NULL)))),
    CONSTRAINT conflict_choice_check CHECK ((choice = ANY (ARRAY['first'::text, 'second'::text]))),
    CONSTRAINT conflict_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text])))
);

CREATE TABLE intake.event (
    "position" bigint NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    digest text NOT NULL,
    body bytea NOT NULL,
    released_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    submission bigint NOT NULL,
    item integer NOT NULL,
    original text NOT NULL,
    warnings jsonb NOT NULL
);

CREATE TABLE intake.head (
    singleton boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    submission bigint NOT NULL,
    registry_revision bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT head_singleton_check CHECK (singleton)
);

CREATE TABLE intake.inbox (
    group_name text NOT NULL,
    message_id text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE intake.organ (
    id text NOT NULL,
    valid_from date NOT NULL,
    revision bigint NOT NULL,
    valid_to date,
    name text NOT NULL,
    named boolean NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    region text NOT NULL,
    sector text,
    parent text,
    connected_from date,
    successors text[] NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE VIEW intake.organ_version AS
 SELECT DISTINCT ON (id, valid_from) id,
    valid_from,
    revision,
    valid_to,
    name,
    named,
    kind,
    level,
    region,
    sector,
    parent,
    connected_from,
    successors,
    recorded_at
   FROM intake.organ
  ORDER BY id, valid_from, revision DESC;

CREATE TABLE intake.original (
    digest text NOT NULL,
    body bytea NOT NULL
);

CREATE TABLE intake.outbox (
    seq bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');

ALTER TABLE intake.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME intake.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE intake.parked (
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

ALTER TABLE intake.parked ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME intake.parked_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE intake.refusal (
    submission bigint NOT NULL,
    item integer NOT NULL,
    organ text NOT NULL,
    source text,
    event_id text,
    problems jsonb NOT NULL,
    arrived_at timestamp with time zone NOT NULL
);

CREATE TABLE intake.source (
    source text NOT NULL,
    accepted bigint NOT NULL,
    repeated bigint NOT NULL,
    conflicting bigint NOT NULL,
    refused bigint NOT NULL,
    last_arrived_at timestamp with time zone NOT NULL,
    last_released_at timestamp with time zone,
    last_position bigint
);

CREATE TABLE intake.submission (
    id bigint NOT NULL,
    original text NOT NULL,
    channel text NOT NULL,
    organ text NOT NULL,
    key_id text NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    stream uuid,
    chunk integer,
    items integer NOT NULL
);

ALTER TABLE ONLY intake.api_key
    ADD CONSTRAINT api_key_digest_key UNIQUE (digest);

ALTER TABLE ONLY intake.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY intake.conflict
    ADD CONSTRAINT conflict_pkey PRIMARY KEY (id);

ALTER TABLE ONLY intake.event
    ADD CONSTRAINT event_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY intake.event
    ADD CONSTRAINT event_source_id_key UNIQUE (source, id);

ALTER TABLE ONLY intake.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY intake.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (group_name, message_id);

ALTER TABLE ONLY intake.organ
    ADD CONSTRAINT organ_pkey PRIMARY KEY (id, valid_from, revision);

ALTER TABLE ONLY intake.original
    ADD CONSTRAINT original_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY intake.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY intake.parked
    ADD CONSTRAINT parked_group_name_id_key UNIQUE (group_name, id);

ALTER TABLE ONLY intake.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (group_name, key, seq);

ALTER TABLE ONLY intake.refusal
    ADD CONSTRAINT refusal_pkey PRIMARY KEY (submission, item);

ALTER TABLE ONLY intake.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (source);

ALTER TABLE ONLY intake.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (id);

CREATE INDEX conflict_open ON intake.conflict USING btree (state, id);

CREATE INDEX inbox_claimed_at ON intake.inbox USING brin (claimed_at);

CREATE INDEX refusal_organ ON intake.refusal USING btree (organ, submission DESC);

CREATE INDEX submission_original ON intake.submission USING btree (original);

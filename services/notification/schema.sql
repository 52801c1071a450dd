CREATE SCHEMA notification;

CREATE FUNCTION notification.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;

CREATE TABLE notification.awaiting (
    message text NOT NULL,
    must_answer_by timestamp with time zone NOT NULL
);

CREATE TABLE notification.clock (
    id text NOT NULL,
    row_id text NOT NULL,
    bearer text NOT NULL,
    subject text NOT NULL,
    due jsonb NOT NULL,
    revision bigint NOT NULL
);

CREATE TABLE notification.delivery (
    seq bigint NOT NULL,
    message text NOT NULL,
    channel text NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT delivery_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'read'::text, 'acknowledged'::text, 'expired'::text])))
);

ALTER TABLE notification.delivery ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME notification.delivery_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE notification.inbox (
    group_name text NOT NULL,
    message_id text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE notification.message (
    id text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    about_source text NOT NULL,
    about_id text NOT NULL,
    rule text NOT NULL,
    level text,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    body_zh text NOT NULL,
    body_en text NOT NULL,
    urgency text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    must_answer_by timestamp with time zone,
    tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT message_urgency_check CHECK ((urgency = ANY (ARRAY['routine'::text, 'prompt'::text, 'urgent'::text])))
);

ALTER TABLE notification.message ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME notification.message_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE notification.organ (
    id text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    region text NOT NULL,
    parent text,
    change text NOT NULL,
    successors text[] NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    event_source text NOT NULL,
    event_id text NOT NULL
);

CREATE TABLE notification.outbox (
    seq bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');

ALTER TABLE notification.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME notification.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE notification.parked (
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

ALTER TABLE notification.parked ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME notification.parked_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE notification.receipt (
    message text NOT NULL,
    organ text NOT NULL,
    reader text,
    at timestamp with time zone NOT NULL
);

CREATE TABLE notification.unrouted (
    rule text NOT NULL,
    fact_source text NOT NULL,
    fact_id text NOT NULL,
    fact jsonb NOT NULL,
    waits_for text[] NOT NULL,
    since timestamp with time zone NOT NULL
);

ALTER TABLE ONLY notification.awaiting
    ADD CONSTRAINT awaiting_pkey PRIMARY KEY (message);

ALTER TABLE ONLY notification.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY notification.delivery
    ADD CONSTRAINT delivery_message_channel_attempt_state_key UNIQUE (message, channel, attempt, state);

ALTER TABLE ONLY notification.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY notification.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (group_name, message_id);

ALTER TABLE ONLY notification.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY notification.organ
    ADD CONSTRAINT organ_pkey PRIMARY KEY (id, valid_from, event_source, event_id);

ALTER TABLE ONLY notification.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY notification.parked
    ADD CONSTRAINT parked_group_name_id_key UNIQUE (group_name, id);

ALTER TABLE ONLY notification.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (group_name, key, seq);

ALTER TABLE ONLY notification.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (message);

ALTER TABLE ONLY notification.unrouted
    ADD CONSTRAINT unrouted_pkey PRIMARY KEY (rule, fact_source, fact_id);

CREATE INDEX awaiting_due ON notification.awaiting USING btree (must_answer_by, message);

CREATE INDEX inbox_claimed_at ON notification.inbox USING brin (claimed_at);

CREATE INDEX message_feed ON notification.message USING btree (recipient, tx, seq);

CREATE INDEX message_inbox ON notification.message USING btree (recipient, created_at, id);

CREATE INDEX message_subject ON notification.message USING btree (subject, created_at, id);

CREATE INDEX organ_overseer ON notification.organ USING btree (region, kind);

CREATE INDEX unrouted_waits_for ON notification.unrouted USING gin (waits_for);

CREATE TRIGGER delivery_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON notification.delivery FOR EACH STATEMENT EXECUTE FUNCTION notification.refuse_change();

CREATE TRIGGER message_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON notification.message FOR EACH STATEMENT EXECUTE FUNCTION notification.refuse_change();

CREATE TRIGGER receipt_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON notification.receipt FOR EACH STATEMENT EXECUTE FUNCTION notification.refuse_change();

ALTER TABLE ONLY notification.awaiting
    ADD CONSTRAINT awaiting_message_fkey FOREIGN KEY (message) REFERENCES notification.message(id);

ALTER TABLE ONLY notification.delivery
    ADD CONSTRAINT delivery_message_fkey FOREIGN KEY (message) REFERENCES notification.message(id);

ALTER TABLE ONLY notification.receipt
    ADD CONSTRAINT receipt_message_fkey FOREIGN KEY (message) REFERENCES notification.message(id);

CREATE SCHEMA audit;

CREATE FUNCTION audit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% on %: the log only grows', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$$;

CREATE TABLE audit.checkpoint (
    size bigint NOT NULL,
    grew_from bigint NOT NULL,
    root bytea NOT NULL,
    note bytea NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT checkpoint_check CHECK (((grew_from >= 0) AND (size > grew_from))),
    CONSTRAINT checkpoint_root_check CHECK ((octet_length(root) = 32))
);

CREATE TABLE audit.inbox (
    group_name text NOT NULL,
    message_id text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE audit.leaf (
    index bigint NOT NULL,
    leaf_hash bytea NOT NULL,
    entry bytea NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    digest bytea NOT NULL,
    subject text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT leaf_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT leaf_entry_check CHECK ((octet_length(entry) <= 65535)),
    CONSTRAINT leaf_index_check CHECK ((index >= 0)),
    CONSTRAINT leaf_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'decision'::text]))),
    CONSTRAINT leaf_leaf_hash_check CHECK ((octet_length(leaf_hash) = 32))
);

CREATE TABLE audit.node (
    level smallint NOT NULL,
    index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT node_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT node_index_check CHECK ((index >= 0)),
    CONSTRAINT node_level_check CHECK ((level > 0))
);

CREATE TABLE audit.outbox (
    seq bigint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');

ALTER TABLE audit.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE audit.parked (
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

ALTER TABLE audit.parked ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.parked_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY audit.checkpoint
    ADD CONSTRAINT checkpoint_grew_from_key UNIQUE (grew_from);

ALTER TABLE ONLY audit.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (size);

ALTER TABLE ONLY audit.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (group_name, message_id);

ALTER TABLE ONLY audit.leaf
    ADD CONSTRAINT leaf_pkey PRIMARY KEY (index);

ALTER TABLE ONLY audit.leaf
    ADD CONSTRAINT leaf_source_id_key UNIQUE (source, id);

ALTER TABLE ONLY audit.node
    ADD CONSTRAINT node_pkey PRIMARY KEY (level, index);

ALTER TABLE ONLY audit.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY audit.parked
    ADD CONSTRAINT parked_group_name_id_key UNIQUE (group_name, id);

ALTER TABLE ONLY audit.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (group_name, key, seq);

CREATE INDEX inbox_claimed_at ON audit.inbox USING brin (claimed_at);

CREATE INDEX leaf_digest ON audit.leaf USING btree (digest);

CREATE INDEX leaf_subject ON audit.leaf USING btree (subject, index);

CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.leaf FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.node FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT USAGE ON SCHEMA audit TO audit_writer;

GRANT SELECT,INSERT ON TABLE audit.checkpoint TO audit_writer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE audit.inbox TO audit_writer;

GRANT SELECT,INSERT ON TABLE audit.leaf TO audit_writer;

GRANT SELECT,INSERT ON TABLE audit.node TO audit_writer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE audit.outbox TO audit_writer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE audit.parked TO audit_writer;

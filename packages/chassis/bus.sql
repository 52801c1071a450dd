CREATE SCHEMA bus;

CREATE TABLE bus.cursors (
    group_name text NOT NULL,
    topic text NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE bus.log (
    topic text NOT NULL,
    "position" bigint NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    appended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE bus.log ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bus.log_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY bus.cursors
    ADD CONSTRAINT cursors_pkey PRIMARY KEY (group_name, topic);

ALTER TABLE ONLY bus.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (topic, "position");

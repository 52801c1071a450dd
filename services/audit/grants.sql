-- What the running service may do. It connects as audit_writer; the role audit owns the tables and runs migrations.

grant usage on schema audit to audit_writer;

-- The log: read and add, nothing else.
revoke all on leaf, node, checkpoint from audit_writer;
grant select, insert on leaf, node, checkpoint to audit_writer;

-- Messaging is no evidence: what was handled may be forgotten, what was parked is resumed.
grant select, insert, update, delete on outbox, inbox, parked to audit_writer;

"""Where it is kept: all SQL of the service, one round trip for each function."""

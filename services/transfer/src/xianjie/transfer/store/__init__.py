"""All SQL of the service: one round trip for each function, sets in and sets out."""

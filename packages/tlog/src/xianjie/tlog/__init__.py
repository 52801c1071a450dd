"""A transparency log in values: Merkle tree, tiles, checkpoints, and a verifier that stands alone.

Nothing here knows a service, a database or an event. Specifications: RFC 9162 section 2.1 (the tree of
RFC 6962), C2SP tlog-tiles, tlog-checkpoint and signed-note.
"""

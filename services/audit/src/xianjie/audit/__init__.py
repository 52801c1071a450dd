"""The log of everything that the platform accepted and decided.

Each event is one leaf of a Merkle tree that strangers can read, prove and verify. What a leaf says, and
what it keeps silent about, stands in `domain.py`; the log itself is `xianjie.tlog`.
"""

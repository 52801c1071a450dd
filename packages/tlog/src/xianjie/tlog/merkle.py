"""The Merkle tree: hashes, roots, and which subtrees a proof is made of.

Source: RFC 9162 section 2.1 (equal to RFC 6962 section 2.1), with SHA-256. A subtree is named by the
half-open range of leaves under it, as in the RFC's `MTH(D[begin:end])`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"

Range = tuple[int, int]


class ProofError(ValueError):
    """A proof does not prove what it claims; the message says which step failed."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf, 32 bytes. Source: RFC 9162 section 2.1.1."""
    return sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node, 32 bytes. Source: RFC 9162 section 2.1.1."""
    return sha256(NODE_PREFIX + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over subtree hashes of equal height, of which the last may be lower.

    Pairing level by level and letting an odd last hash rise unchanged gives the RFC's recursive split at
    the largest power of two, because every hash before the last one stands for a perfect subtree.

    Args:
        hashes: hashes of consecutive subtrees, 32 bytes each; leaf hashes for a whole tree.
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        lifted = [
            sha256(NODE_PREFIX + left + right).digest()
            for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        if len(row) % 2:
            lifted.append(row[-1])
        row = lifted
    return row[0]


def perfect_subtrees(subtree: Range) -> list[tuple[int, int]]:
    """Cut a subtree of the tree into perfect ones, left to right, as (height, index within the height).

    Args:
        subtree: (begin, end) in leaves; begin is a multiple of the smallest power of two that is not
            below the length, which holds for every range that a proof names.
    """
    begin, end = subtree
    pieces = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        pieces.append((height, begin >> height))
        begin += 1 << height
    return pieces


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join the hashes of perfect subtrees of falling height, as `perfect_subtrees` orders them.

    Raises:
        IndexError: no hash was given.
    """
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose hashes prove that a leaf is in the tree, nearest the leaf first.

    Args:
        index: position of the leaf, from 0.
        size: leaves in the tree.

    Raises:
        ValueError: the tree has no such leaf.

    Source: RFC 9162 section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    begin, end = 0, size
    siblings = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((begin, middle))
            begin = middle
    siblings.reverse()
    return siblings


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the subtrees whose hashes prove that the tree of `old` leaves is a prefix of that of `new`.

    Empty when the sizes are equal or the old tree is empty: then there is nothing to prove.

    Raises:
        ValueError: old is negative or greater than new.

    Source: RFC 9162 section 2.1.4.1.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not contain one of {old}")
    if old in (0, new):
        return []
    begin, end = 0, new
    known_whole = True  # the subtree is a whole prefix tree, whose root the verifier holds already
    ranges: list[Range] = []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
            known_whole = False
    if not known_whole:
        ranges.append((begin, end))
    ranges.reverse()
    return ranges


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the tree with this root holds the leaf at this index.

    Args:
        leaf: the leaf hash, 32 bytes.
        index: position of the leaf, from 0.
        size: leaves in the tree.
        proof: hashes, nearest the leaf first.
        root: the root hash of the tree.

    Raises:
        ProofError: it does not follow.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    _require_hashes((leaf, root, *proof))
    node, last, joined = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError(
                f"the inclusion proof has more than the hashes that leaf {index} of {size} needs"
            )
        if node & 1 or node == last:
            joined = node_hash(sibling, joined)
            node, last = _past_lone_levels(node, last)
        else:
            joined = node_hash(joined, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofError(f"the inclusion proof has fewer than the hashes that leaf {index} of {size} needs")
    if joined != root:
        raise ProofError(f"leaf {index} of {size} leads to root {joined.hex()}, not to {root.hex()}")


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the tree of `new` leaves begins with the tree of `old` leaves.

    Args:
        old: leaves in the earlier tree.
        new: leaves in the later tree.
        old_root: root hash of the earlier tree, 32 bytes.
        new_root: root hash of the later tree, 32 bytes.
        proof: hashes in the order of the RFC.

    Raises:
        ProofError: it does not follow.

    Source: RFC 9162 section 2.1.4.2; the empty tree is a prefix of every tree.
    """
    _require_hashes((old_root, new_root, *proof))
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves does not contain one of {old}")
    if old in (0, new):
        _verify_trivial_consistency(old=old, new=new, old_root=old_root, new_root=new_root, proof=proof)
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofError(f"the consistency proof from {old} to {new} is empty")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_joined = new_joined = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError(f"the consistency proof from {old} to {new} has hashes to spare")
        if node & 1 or node == last:
            old_joined = node_hash(sibling, old_joined)
            new_joined = node_hash(sibling, new_joined)
            node, last = _past_lone_levels(node, last)
        else:
            new_joined = node_hash(new_joined, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofError(f"the consistency proof from {old} to {new} lacks hashes")
    if old_joined != old_root:
        raise ProofError(f"the proof leads to root {old_joined.hex()} at {old} leaves, not {old_root.hex()}")
    if new_joined != new_root:
        raise ProofError(f"the proof leads to root {new_joined.hex()} at {new} leaves, not {new_root.hex()}")


def _verify_trivial_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofError(f"from {old} to {new} leaves no hash is needed, the proof has {len(proof)}")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofError(f"{old_root.hex()} is not the root of the empty tree")
    if old == new and old_root != new_root:
        raise ProofError(f"two roots at {old} leaves: {old_root.hex()} and {new_root.hex()}")


def _split(length: int) -> int:
    """Return the largest power of two below the length (at least 2)."""
    return 1 << (length - 1).bit_length() - 1


def _past_lone_levels(node: int, last: int) -> tuple[int, int]:
    """Skip the levels on which the rightmost node has no sibling and rises unchanged."""
    while not node & 1 and node:
        node, last = node >> 1, last >> 1
    return node, last


def _require_hashes(values: Iterable[bytes]) -> None:
    for value in values:
        if len(value) != HASH_SIZE:
            raise ProofError(f"a hash of {len(value)} bytes stands where {HASH_SIZE} are needed")

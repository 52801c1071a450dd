"""The tree against published vectors and against the RFC's own recursion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tlog import naive

from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import (
    EMPTY_ROOT,
    ProofError,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    perfect_subtrees,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from xianjie.tlog.proofs import consistency_proof, inclusion_proof

# The tree of eight leaves of the test data of certificate-transparency (merkletree/merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
NONSENSE = bytes(range(32))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size: int) -> None:
    assert root_of(HASHES[:size]).hex() == ROOTS[size - 1]
    assert Frontier().appended(HASHES[:size]).frontier.root.hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]).hex() == Frontier().root.hex() == EMPTY_ROOT.hex() == empty


def test_a_leaf_that_looks_like_a_node_has_another_hash() -> None:
    left, right = HASHES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_published_inclusion_proofs_come_out(index: int, size: int) -> None:
    tiles = Frontier().appended(HASHES[:size]).tiles
    proof = inclusion_proof(index, size, tiles)
    assert [each.hex() for each in proof] == INCLUSION[index, size]
    root = bytes.fromhex(ROOTS[size - 1])
    verify_inclusion(leaf=HASHES[index], index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_published_consistency_proofs_come_out(old: int, new: int) -> None:
    tiles = Frontier().appended(HASHES[:new]).tiles
    proof = consistency_proof(old, new, tiles)
    assert [each.hex() for each in proof] == CONSISTENCY[old, new]
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (old, new)]
    verify_consistency(old=old, new=new, old_root=roots[0], new_root=roots[1], proof=proof)


@given(st.lists(st.binary(max_size=4), max_size=80))
def test_roots_are_those_of_the_recursion(leaves: list[bytes]) -> None:
    assert root_of([leaf_hash(leaf) for leaf in leaves]) == naive.mth(leaves)


def numbered(count: int) -> list[bytes]:
    return [b"%d" % at for at in range(count)]


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_inclusion_proofs_are_those_of_the_recursion_and_hold(tree: tuple[int, int]) -> None:
    size, index = tree
    leaves = numbered(size)
    proof = naive.path(index, leaves)
    assert [naive.mth(leaves[begin:end]) for begin, end in inclusion_ranges(index, size)] == proof
    leaf, root = leaf_hash(leaves[index]), naive.mth(leaves)
    verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)


@given(st.integers(1, 70).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))))
def test_consistency_proofs_are_those_of_the_recursion_and_hold(tree: tuple[int, int]) -> None:
    old, new = tree
    leaves = numbered(new)
    proof = naive.proof(old, leaves)
    assert [naive.mth(leaves[begin:end]) for begin, end in consistency_ranges(old, new)] == proof
    old_root, new_root = naive.mth(leaves[:old]), naive.mth(leaves)
    verify_consistency(old=old, new=new, old_root=old_root, new_root=new_root, proof=proof)


@given(st.data())
def test_every_mutated_inclusion_proof_is_rejected(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    index = data.draw(st.integers(0, size - 1))
    leaves = numbered(size)
    leaf, root, proof = leaf_hash(leaves[index]), naive.mth(leaves), naive.path(index, leaves)
    claim = {"leaf": leaf, "index": index, "size": size, "proof": proof, "root": root}
    wrong = [
        {"leaf": NONSENSE},
        {"root": NONSENSE},
        {"index": data.draw(st.integers(-1, size + 1).filter(lambda other: other != index))},
        {"proof": [*proof, NONSENSE]},
        {"proof": [NONSENSE, *proof]},
        {"size": 0},
        {"leaf": leaf[:-1]},
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong.append({"proof": [*proof[:at], NONSENSE, *proof[at + 1 :]]})
        wrong.append({"proof": [*proof[:at], *proof[at + 1 :]]})
    for mutation in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(**(claim | mutation))


@given(st.data())
def test_every_mutated_consistency_proof_is_rejected(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 40))
    old = data.draw(st.integers(1, new))
    leaves = numbered(new)
    proof = naive.proof(old, leaves)
    roots = {"old_root": naive.mth(leaves[:old]), "new_root": naive.mth(leaves)}
    claim = {"old": old, "new": new, "proof": proof, **roots}
    wrong = [
        {"old_root": NONSENSE},
        {"new_root": NONSENSE},
        {"old": data.draw(st.integers(-1, new + 1).filter(lambda other: other != old))},
        {"proof": [*proof, NONSENSE]},
        {"proof": [NONSENSE, *proof]},
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong.append({"proof": [*proof[:at], NONSENSE, *proof[at + 1 :]]})
        wrong.append({"proof": [*proof[:at], *proof[at + 1 :]]})
    for mutation in wrong:
        with pytest.raises(ProofError):
            verify_consistency(**(claim | mutation))


def test_the_empty_tree_is_a_prefix_of_every_tree_and_needs_no_proof() -> None:
    root = root_of(HASHES)
    verify_consistency(old=0, new=8, old_root=EMPTY_ROOT, new_root=root, proof=[])
    with pytest.raises(ProofError, match="not the root of the empty tree"):
        verify_consistency(old=0, new=8, old_root=NONSENSE, new_root=root, proof=[])


def test_two_roots_at_one_size_are_a_fork() -> None:
    with pytest.raises(ProofError, match="two roots at 8 leaves"):
        verify_consistency(old=8, new=8, old_root=root_of(HASHES), new_root=NONSENSE, proof=[])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_path_is_named_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_consistency_is_named_for_a_tree_that_would_shrink(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not contain"):
        consistency_ranges(old, new)


@given(st.integers(0, 2**40).flatmap(lambda end: st.tuples(st.just(0), st.just(end))))
def test_perfect_subtrees_cover_a_tree_without_gap_or_overlap(tree: tuple[int, int]) -> None:
    at = 0
    for height, index in perfect_subtrees(tree):
        assert index << height == at
        at += 1 << height
    assert at == tree[1]

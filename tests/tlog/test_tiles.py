"""Names, contents and growth of tiles and bundles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianjie.tlog.growth import Frontier, edge_tiles
from xianjie.tlog.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from xianjie.tlog.proofs import (
    consistency_proof,
    consistency_tiles,
    inclusion_proof,
    inclusion_tiles,
    root_from,
    root_tiles,
)
from xianjie.tlog.tiles import (
    BundleId,
    TileError,
    TileId,
    bundles_of,
    bundles_written,
    decode_bundle,
    encode_bundle,
    parse_path,
    tile_hashes,
    tiles_of,
    tiles_written,
)

HASHES = [leaf_hash(b"%d" % at) for at in range(70_000)]
TREE = Frontier().appended(HASHES)
INDEXES = st.integers(0, 2**40)
WIDTHS = st.integers(1, 256)


def test_the_example_of_the_specification_is_written_as_it_says() -> None:
    assert TileId(0, 1234067).path == "tile/0/x001/x234/067"
    assert TileId(2, 0, 1).path == "tile/2/000.p/1"
    assert BundleId(273, 112).path == "tile/entries/273.p/112"
    assert BundleId(1000).path == "tile/entries/x001/000"


@given(level=st.integers(0, 63), index=INDEXES, width=WIDTHS)
def test_a_path_is_read_back_as_the_tile_it_names(level: int, index: int, width: int) -> None:
    assert parse_path(TileId(level, index, width).path) == TileId(level, index, width)
    assert parse_path(BundleId(index, width).path) == BundleId(index, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/-1/000",
        "tile/entries/",
        "tile/entries/000/",
        "/tile/0/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "checkpoint",
        "",
    ],
)
def test_a_path_of_another_form_names_nothing(path: str) -> None:
    with pytest.raises(TileError, match="names no tile"):
        parse_path(path)


@given(st.text(max_size=30))
def test_whatever_is_read_as_a_path_is_written_back_the_same(path: str) -> None:
    try:
        named = parse_path(f"tile/{path}")
    except TileError:
        return
    assert named.path == f"tile/{path}"


def test_the_tree_of_seventy_thousand_leaves_has_the_tiles_of_the_specification() -> None:
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.is_full for tile in tiles) == 273
    assert [tile for tile in tiles if not tile.is_full] == [
        TileId(0, 273, 112),
        TileId(1, 1, 17),
        TileId(2, 0, 1),
    ]
    assert [tile for tile in tiles if tile.level == 1 and tile.is_full] == [TileId(1, 0)]
    assert len(tiles) == 277


def test_a_tree_of_256_leaves_has_a_full_tile_and_a_partial_one_above() -> None:
    assert list(tiles_of(256)) == [TileId(0, 0), TileId(1, 0, 1)]


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_growth_writes_what_the_tree_gained(first: int, second: int) -> None:
    old, new = sorted((first, second))
    assert set(tiles_written(old, new)) == set(tiles_of(new)) - set(tiles_of(old))
    assert set(bundles_written(old, new)) == set(bundles_of(new)) - set(bundles_of(old))


def test_a_tree_does_not_shrink() -> None:
    with pytest.raises(ValueError, match="does not grow"):
        list(tiles_written(2, 1))
    with pytest.raises(ValueError, match="does not grow"):
        list(bundles_written(2, 1))


@given(st.lists(st.integers(0, 1200), max_size=6))
def test_growing_in_steps_gives_the_tiles_and_the_root_of_growing_at_once(steps: list[int]) -> None:
    frontier = Frontier()
    for step in steps:
        growth = frontier.appended(HASHES[frontier.size : frontier.size + step])
        assert set(growth.tiles) == set(tiles_written(frontier.size, frontier.size + step))
        for tile, content in growth.tiles.items():
            leaves = 256**tile.level
            begins = [(tile.index * 256 + position) * leaves for position in range(tile.width)]
            assert tile_hashes(content) == [root_of(HASHES[begin : begin + leaves]) for begin in begins]
        frontier = growth.frontier
    assert frontier.size == sum(steps)
    assert frontier.root == root_of(HASHES[: frontier.size])


@given(st.sampled_from([0, 1, 255, 256, 257, 511, 65_535, 65_536, 65_537, 69_999]))
def test_the_frontier_is_read_back_from_the_partial_tiles(size: int) -> None:
    growth = Frontier().appended(HASHES[:size])
    edge = {tile: growth.tiles[tile] for tile in edge_tiles(size)}
    assert Frontier.of_tiles(size, edge) == growth.frontier


def test_a_frontier_is_not_read_from_a_missing_or_cut_tile() -> None:
    with pytest.raises(TileError, match="is missing"):
        Frontier.of_tiles(3, {})
    with pytest.raises(TileError, match="holds 2 hashes"):
        Frontier.of_tiles(3, {TileId(0, 0, 3): b"".join(HASHES[:2])})


def test_upper_tiles_hold_the_roots_of_full_tiles_below() -> None:
    for tile, content in TREE.tiles.items():
        if tile.level == 1:
            for position, held in enumerate(tile_hashes(content)):
                below = TREE.tiles[TileId(0, tile.index * 256 + position)]
                assert held == root_of(tile_hashes(below))


@given(st.integers(1, 70_000).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_proofs_made_from_tiles_hold_at_every_size(tree: tuple[int, int]) -> None:
    index, size = tree
    growth = Frontier().appended(HASHES[:size])
    tiles = {tile: growth.tiles[tile] for tile in inclusion_tiles(index, size)}
    proof = inclusion_proof(index, size, tiles)
    verify_inclusion(leaf=HASHES[index], index=index, size=size, proof=proof, root=growth.frontier.root)
    old = index + 1
    tiles = {tile: growth.tiles[tile] for tile in consistency_tiles(old, size)}
    proof = consistency_proof(old, size, tiles)
    old_root = root_of(HASHES[:old])
    verify_consistency(old=old, new=size, old_root=old_root, new_root=growth.frontier.root, proof=proof)
    assert root_from(size, {tile: growth.tiles[tile] for tile in root_tiles(size)}) == growth.frontier.root


def test_a_proof_is_not_made_without_its_tiles() -> None:
    with pytest.raises(TileError, match="is needed and missing"):
        inclusion_proof(0, 300, {})
    short = dict.fromkeys(inclusion_tiles(0, 300), b"")
    with pytest.raises(TileError, match="are needed"):
        inclusion_proof(0, 300, short)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=5), st.integers(1, 200))
def test_a_bundle_cut_inside_an_entry_is_refused(entries: list[bytes], cut: int) -> None:
    content = encode_bundle(entries)
    lasting = content[: max(1, len(content) - min(cut, len(entries[-1])))]
    with pytest.raises(TileError, match="is cut off"):
        decode_bundle(lasting)


def test_an_entry_longer_than_the_format_allows_is_refused() -> None:
    assert decode_bundle(encode_bundle([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(TileError, match="longer than 65535"):
        encode_bundle([b"x" * 65_536])


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 32 * 257])
def test_a_tile_of_another_length_is_refused(content: bytes) -> None:
    with pytest.raises(TileError, match="are not 1 to 256 hashes"):
        tile_hashes(content)


@pytest.mark.parametrize(("index", "width"), [(-1, 256), (0, 0), (0, 257)])
def test_a_tile_that_cannot_be_has_no_path(index: int, width: int) -> None:
    with pytest.raises(TileError, match="there is no tile"):
        TileId(0, index, width).path  # noqa: B018

"""What a leaf says and what it keeps silent about."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.audit.log_events import AGENCY, KEY, ORIGIN, PLATFORM, body, event

from xianjie.audit.domain import Head, digest_bytes, digest_text, fresh, grow, leaf_of
from xianjie.contracts.canonical import canonical, event_digest
from xianjie.contracts.errors import Conflicting, Unavailable
from xianjie.tlog.checkpoints import Checkpoint, open_checkpoint
from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import EMPTY_ROOT, leaf_hash
from xianjie.tlog.tiles import tile_hashes

EMPTY = Head(Checkpoint(ORIGIN, 0, EMPTY_ROOT), Frontier())


def test_the_entry_of_an_event_is_exactly_what_is_documented() -> None:
    leaf = leaf_of(body(1))
    assert orjson.loads(leaf.entry) == {
        "v": 1,
        "kind": "event",
        "source": AGENCY,
        "digest": event_digest(event(1)),
        "happened": {"precision": "day", "value": "2024-05-05"},
        "released": "2024-05-06T09:00:00+08:00",
        "recorded": "2024-05-06T01:00:02.5Z",
    }
    assert leaf.entry == canonical(orjson.loads(leaf.entry))
    assert leaf.leaf_hash == leaf_hash(leaf.entry)


def test_what_the_platform_says_is_a_decision() -> None:
    assert orjson.loads(leaf_of(body(1, source=PLATFORM)).entry)["kind"] == "decision"


def test_an_event_without_a_claimed_time_has_null_there() -> None:
    decided = event(1)
    del decided["data"]["occurred"]
    assert orjson.loads(leaf_of(orjson.dumps(decided)).entry)["happened"] is None


@given(secret=st.text(st.characters(codec="utf-8", categories=["Lo", "Nd"]), min_size=6, max_size=20))
def test_no_wording_no_case_and_no_id_reaches_the_entry(secret: str) -> None:
    told = event(1)
    told["id"] = told["subject"] = secret
    told["data"]["occurred"]["text"] = told["data"]["note"] = told["data"]["parties"] = secret
    entry = leaf_of(orjson.dumps(told)).entry
    assert secret.encode() not in entry.replace(event_digest(told).encode(), b"").replace(b"130900", b"")
    assert b"subject" not in entry


def test_the_entry_does_not_depend_on_how_the_event_was_written() -> None:
    pretty = orjson.dumps(event(1), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    assert leaf_of(pretty) == leaf_of(body(1))


def test_an_event_delivered_twice_in_a_batch_is_one_leaf_at_its_first_place() -> None:
    leaves = [leaf_of(body(number)) for number in (1, 2, 1, 3, 2)]
    assert [leaf.ref.id for leaf in fresh(leaves, {})] == ["EV-1", "EV-2", "EV-3"]


def test_an_event_that_the_log_holds_is_no_leaf_again() -> None:
    leaves = [leaf_of(body(number)) for number in (1, 2)]
    assert fresh(leaves, {leaves[0].ref: leaves[0].digest}) == [leaves[1]]


@pytest.mark.parametrize("logged", [True, False])
def test_one_id_for_two_contents_is_a_conflict(logged: bool) -> None:
    first, second = leaf_of(body(1)), leaf_of(body(1, note="改过"))
    with pytest.raises(Conflicting, match="another content"):
        fresh([second] if logged else [first, second], {first.ref: first.digest} if logged else {})


@pytest.mark.parametrize("missing", ["source", "id", "subject", "time", "recordedat", "data"])
def test_what_is_no_event_of_the_platform_makes_no_leaf(missing: str) -> None:
    broken = event(1)
    del broken[missing]
    with pytest.raises(KeyError, match=missing):
        leaf_of(orjson.dumps(broken))


def test_an_entry_that_no_bundle_can_hold_makes_no_leaf() -> None:
    with pytest.raises(ValueError, match="longer than 65535"):
        leaf_of(body(1, source="urn:" + "x" * 65_536))


@given(st.lists(st.integers(1, 700), max_size=5))
def test_batches_store_each_hash_above_the_leaves_once(steps: list[int]) -> None:
    head, stored = EMPTY, {}
    total = 0
    for step in steps:
        growth = grow(head, [leaf_of(body(number)) for number in range(total, total + step)], key=KEY)
        for node in growth.nodes:
            assert (node.level, node.index) not in stored
            stored[node.level, node.index] = node.hash
        frontier = head.frontier.appended([leaf.leaf_hash for leaf in growth.leaves]).frontier
        head = Head(open_checkpoint(growth.note, [KEY.verifier]), frontier)
        total += step
        assert head.checkpoint == growth.checkpoint
    whole = Frontier().appended([leaf_of(body(number)).leaf_hash for number in range(total)])
    assert head.checkpoint.root == whole.frontier.root
    assert stored == {
        (tile.level, tile.index * 256 + at): value
        for tile, content in whole.tiles.items()
        if tile.level
        for at, value in enumerate(tile_hashes(content))
    }


def test_a_log_whose_store_was_touched_does_not_grow() -> None:
    touched = Head(Checkpoint(ORIGIN, 1, EMPTY_ROOT), Frontier(1, ((bytes(32),),)))
    with pytest.raises(Unavailable, match=r"audit\.log\.broken"):
        grow(touched, [leaf_of(body(1))], key=KEY)


@pytest.mark.parametrize("text", ["", "sha-256:", "sha-256:" + "0" * 63, "0" * 64, "sha-256:" + "A" * 64])
def test_a_digest_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a digest|fromhex"):
        digest_bytes(text)


@given(st.binary(min_size=32, max_size=32))
def test_digests_round_trip(digest: bytes) -> None:
    assert digest_bytes(digest_text(digest)) == digest

"""The published documents are those that the models make, and a released one only grows."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.contracts.samples import an_event, full_data, least_data

from xianjie.contracts import schemas
from xianjie.contracts.breaking import breaking_changes
from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.schemas import (
    CHANNELS,
    asyncapi,
    bundle,
    channel_of,
    data_schema,
    differing,
    main,
    release,
    write,
)


def test_the_committed_documents_are_what_the_models_say(root: Path) -> None:
    assert differing(root / "docs/schemas") == [], "run: python -m xianjie.contracts.schemas write"


def test_no_change_since_the_release_breaks_anybody(root: Path) -> None:
    released = json.loads((root / "docs/schemas" / schemas.RELEASED).read_text(encoding="utf-8"))
    assert breaking_changes(released, bundle()) == []


@pytest.mark.parametrize("entry", EVENT_TYPES.values(), ids=lambda entry: entry.name)
def test_the_schema_of_a_type_is_valid_and_fits_its_data(entry: EventType) -> None:
    schema = data_schema(entry)
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for data in (full_data(entry), least_data(entry)):
        validator.validate(data)
    assert not validator.is_valid({})
    assert not validator.is_valid(full_data(entry) | {"unknown_field": 1})
    assert schema["$id"] == entry.dataschema
    assert schema["title"] == entry.name_zh


def test_every_field_has_a_chinese_title_and_no_schema_offers_null() -> None:
    for node in _nodes(bundle()):
        for name, field in node.get("properties", {}).items():
            if isinstance(field, dict) and "title" in field:
                assert any("\u4e00" <= letter <= "\u9fff" for letter in field["title"]), name
        assert node.get("type") != "null"
        assert "default" not in node or isinstance(node["default"], dict)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def test_the_bundle_accepts_a_whole_event_of_every_type_and_keeps_types_apart() -> None:
    jsonschema_rs.meta.validate(bundle())
    validator = jsonschema_rs.validator_for(bundle(), validate_formats=True)
    for entry in EVENT_TYPES.values():
        validator.validate(an_event(entry.name))
    assert not validator.is_valid(an_event("case.filed") | {"data": an_event("case.declined")["data"]})


def test_every_type_travels_in_exactly_one_channel() -> None:
    document = asyncapi()
    carried = [name for channel in document["channels"].values() for name in channel["messages"]]
    assert sorted(carried) == sorted(entry.name for entry in EVENT_TYPES.values())
    assert set(document["channels"]) == set(CHANNELS) == {channel_of(entry) for entry in EVENT_TYPES.values()}
    names = {entry.name: channel_of(entry) for entry in EVENT_TYPES.values()}
    assert (
        names["judgement.computed"]
        == names["clock.started"]
        == names["finding.raised"]
        == "transfer.decisions"
    )
    assert (
        names["finding.reviewed"]
        == names["case.transferred"]
        == names["submission.received"]
        == "intake.events"
    )
    assert names["notification.sent"] == "notification.events"


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    assert document["asyncapi"] == "3.0.0"
    for node in _nodes(document):
        if isinstance(reference := node.get("$ref"), str):
            target: Any = document
            for step in reference.removeprefix("#/").split("/"):
                target = target[step]
            assert isinstance(target, dict)


def test_a_message_on_the_bus_is_an_event_with_the_instant_of_its_acceptance() -> None:
    document = asyncapi()
    for entry in EVENT_TYPES.values():
        payload = document["components"]["messages"][entry.name]["payload"]
        schema = {"components": document["components"], **payload}
        validator = jsonschema_rs.validator_for(schema)
        validator.validate(an_event(entry.name, recordedat="2026-03-02T09:30:01+08:00"))
        assert not validator.is_valid(an_event(entry.name))


def test_write_check_and_release_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / schemas.FOLDER
    assert main(["check"]) == 1
    assert main(["write"]) == 0
    assert main(["check"]) == 0
    assert main(["release"]) == 0
    (folder / "events/left-over.json").write_text("{}")
    (folder / "bundle.json").write_text("{}")
    (folder / "of-another-part.json").write_text("{}")
    assert write(folder) == ["bundle.json", "events/left-over.json"]
    assert (folder / "of-another-part.json").exists()
    assert differing(folder) == []
    assert main(["publish"]) == 2


def test_a_release_that_breaks_is_refused_and_the_released_one_stays(tmp_path: Path) -> None:
    grown = copy.deepcopy(bundle())
    grown["$defs"]["CaseFiled"]["properties"]["colour"] = {"type": "string"}
    path = tmp_path / schemas.RELEASED
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(grown))
    assert release(tmp_path) == ["cn.xianjie.case.filed.v1/colour: field removed"]
    assert json.loads(path.read_text()) == grown

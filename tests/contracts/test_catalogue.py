"""The models are the catalogue: nothing more, nothing less, nothing other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from tests.contracts.samples import full_data, least_data

from xianjie.contracts import enums, events
from xianjie.contracts.catalogue import EVENT_TYPES, ORGAN_KINDS, EventData, EventType
from xianjie.contracts.schemas import data_schema, definitions

SHAPES = {
    "text": {"type": "string", "maxLength": 4000},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "fen": {"type": "integer", "x-unit": "fen"},
    "json": {"type": "object", "additionalProperties": True},
}
FORMED = {
    "decimal",
    "date",
    "instant",
    "digest",
    "organ_id",
    "case_id",
    "party_id",
    "row_id",
    "rule_id",
    "offence_id",
}


@pytest.fixture(scope="session")
def declared(reference: Path) -> Any:
    """The catalogue as it was designed."""
    return yaml.load((reference / "design" / "events.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def _shape(field: dict[str, Any], declared: Any) -> dict[str, Any]:
    """What the JSON Schema of a field must say, for the things that the catalogue says."""
    kind = field["type"]
    if kind == "enum":
        one: dict[str, Any] = {"enum": declared["enums"][field["enum"]]}
    elif kind in SHAPES:
        one = dict(SHAPES[kind])
    elif kind in FORMED:
        one = {"pattern": declared["ids"].get(kind, {}).get("pattern")}
    else:
        one = {"$ref": "#/$defs/" + "".join(word.capitalize() for word in kind.split("_"))}
    if field.get("unit"):
        one["x-unit"] = field["unit"]
    return {"items": one} if field.get("list") else one


def _says(schema: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return wanted is None or schema == wanted
    return isinstance(schema, dict) and all(_says(schema.get(key), value) for key, value in wanted.items())


def test_the_types_are_those_of_the_catalogue(declared: Any) -> None:
    assert set(EVENT_TYPES) == {entry["type"] for entry in declared["event_types"]}


def test_each_type_says_what_the_catalogue_says_about_it(declared: Any) -> None:
    for entry in declared["event_types"]:
        ours = EVENT_TYPES[entry["type"]]
        assert {
            name: getattr(ours, name) for name in ("type", "name_zh", "name_en", "aggregate", "subject")
        } == {name: entry[name] for name in ("type", "name_zh", "name_en", "aggregate", "subject")}
        assert (ours.region, ours.source) == (entry["region"], entry["source"])
        assert ours.emitters == set(entry["emitters"])


def test_the_fields_of_each_type_are_those_of_the_catalogue(declared: Any) -> None:
    for entry in declared["event_types"]:
        fields = {field["name"]: field for field in declared["common_fields"] + entry["fields"]}
        schema = data_schema(EVENT_TYPES[entry["type"]])
        assert set(schema["properties"]) == set(fields), entry["type"]
        assert set(schema["required"]) == {n for n, field in fields.items() if field["required"]}, entry[
            "type"
        ]
        for name, field in fields.items():
            ours = schema["properties"][name]
            assert _says(ours, _shape(field, declared)), (entry["type"], name, ours)
            assert ours["title"] == field["zh"], (entry["type"], name)
            assert ours.get("x-personal", False) == field.get("personal", False), (entry["type"], name)
            assert ("items" in ours) == field.get("list", False), (entry["type"], name)


def test_the_lists_of_words_are_those_of_the_catalogue(declared: Any) -> None:
    for name, words in declared["enums"].items():
        ours = getattr(enums, "".join(word.capitalize() for word in name.split("_")))
        assert list(get_args(ours)) == words, name


def test_the_members_of_value_types_are_those_of_the_catalogue(declared: Any) -> None:
    found = definitions()
    for name, text in declared["value_types"].items():
        model = found.get("".join(word.capitalize() for word in name.split("_")))
        if model and text.startswith("{") and name != "fact":
            words = {part.split(":")[0].split("?")[0].strip() for part in _members_of(text)}
            assert set(model["properties"]) == words, name


def _members_of(text: str) -> list[str]:
    """Split `{a: x, b?: [y]}` at its own commas."""
    inside, depth, parts, start = text[1:], 0, [], 0
    for place, letter in enumerate(inside):
        if letter == "}" and depth == 0:
            return [*parts, inside[start:place]]
        depth += (letter in "{[(") - (letter in "}])")
        if letter == "," and depth == 0:
            parts.append(inside[start:place])
            start = place + 1
    raise AssertionError(text)


def test_the_kinds_of_organs_are_those_of_the_catalogue(declared: Any) -> None:
    ours = {
        key: {"zh": kind.zh, "en": kind.en, "id_prefix": kind.id_prefix} for key, kind in ORGAN_KINDS.items()
    }
    assert ours == declared["organ_kinds"]


def test_every_model_of_events_is_a_declared_type() -> None:
    assert {getattr(events, name) for name in events.__all__} == {
        entry.data_model for entry in EVENT_TYPES.values()
    }


@pytest.mark.parametrize("entry", EVENT_TYPES.values(), ids=lambda entry: entry.name)
def test_full_and_least_data_of_every_type_are_accepted_and_come_back_the_same(entry: EventType) -> None:
    for data in (full_data(entry), least_data(entry)):
        model: EventData = entry.data_model.model_validate(data)
        assert model.model_dump(mode="json", exclude_unset=True) == data


def test_importing_the_catalogue_builds_no_model() -> None:
    program = (
        "import xianjie.contracts.catalogue as c; "
        "assert not any(e.data_model.__pydantic_complete__ for e in c.EVENT_TYPES.values())"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)

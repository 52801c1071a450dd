"""Valid events of every type, made from the published schemas so that no field is forgotten."""

from __future__ import annotations

from typing import Any

from xianjie.contracts import forms
from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.envelope import SUBJECT_FORMS
from xianjie.contracts.schemas import data_schema

AGENCY = "urn:xianjie:organ:ag-130999-market_regulation"
PLATFORM = "urn:xianjie:platform:transfer"
CASE = "ag-130999-market_regulation/2026-001"
PARTY = forms.PARTY_ID.example
DAY = {"precision": "day", "value": "2026-03-02"}

_WHOLE = {
    "Occurred": DAY,
    "FactValue": {"fen": 28_000_000},
    "Due": {"kind": "day", "day": "2026-03-05", "derivation": ["三日"]},
}


def an_event(name: str = "evidence.recorded", data: dict[str, Any] | None = None, **attributes: Any) -> Any:
    """Return a valid event of the type; `data` replaces its data, None removes an attribute."""
    entry = EVENT_TYPES[f"cn.xianjie.{name}.v1"]
    event = {
        "specversion": "1.0",
        "id": "2026-000001",
        "source": PLATFORM if entry.emitters == {"SYS"} else AGENCY,
        "type": entry.type,
        "subject": SUBJECT_FORMS[entry.subject].example,
        "time": "2026-03-02T09:30:00+08:00",
        "datacontenttype": "application/json",
        "dataschema": entry.dataschema,
        "data": full_data(entry) if data is None else data,
    } | attributes
    return {key: value for key, value in event.items() if value is not None}


def full_data(entry: EventType) -> dict[str, Any]:
    """Return data of the type with every field filled in."""
    schema = data_schema(entry)
    return _members(schema, schema["$defs"], leave_out=())


def least_data(entry: EventType) -> dict[str, Any]:
    """Return data of the type with nothing but the required fields."""
    schema = data_schema(entry)
    optional = set(schema["properties"]) - set(schema["required"])
    if entry.name == "evidence.recorded":
        optional.discard("facts")
    return _members(schema, schema["$defs"], leave_out=optional)


def _members(schema: Any, definitions: Any, leave_out: Any) -> dict[str, Any]:
    return {
        name: _value(part, definitions)
        for name, part in schema["properties"].items()
        if name not in leave_out
    }


def _value(schema: Any, definitions: Any) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _WHOLE.get(name) or _members(definitions[name], definitions, leave_out=())
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "examples" in schema:
        return schema["examples"][0]
    if schema["type"] == "array":
        return [_value(schema["items"], definitions)]
    return {"string": "示例文字", "integer": 3, "boolean": True, "object": {"旧": 1, "新": "2"}}[
        schema["type"]
    ]

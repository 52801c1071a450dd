"""Documents made from the models: JSON Schemas, one bundle, and an AsyncAPI description.

    python -m xianjie.contracts.schemas write      writes docs/schemas
    python -m xianjie.contracts.schemas check      exits with 1 when docs/schemas is not what would be written
    python -m xianjie.contracts.schemas release    makes the bundle the released one, if nothing breaks

A vendor needs one of these files and no Python. Released schemas only grow; see `breaking`.
Sources: JSON Schema 2020-12; AsyncAPI 3.0.0; CloudEvents 1.0 JSON format.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from xianjie.contracts.breaking import breaking_changes
from xianjie.contracts.catalogue import EVENT_TYPES, EventType
from xianjie.contracts.declaration import SCHEMA_PREFIX
from xianjie.contracts.envelope import SUBJECT_FORMS, Envelope
from xianjie.contracts.recorded import ORGAN_PREFIX, PLATFORM_PREFIX
from xianjie.contracts.values import Value

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FOLDER: Final = Path("docs/schemas")
RELEASED: Final = "released/bundle.json"

CHANNELS: Final[Mapping[str, str]] = {
    "intake.events": "报送并已受理的事件 Accepted events of organs, and what intake itself records.",
    "transfer.decisions": "平台的判断、期限和监督线索 Judgements, clocks and findings of the platform.",
    "notification.events": "通知及其结果 Notifications and what became of them.",
}
"""Topics of the bus and what they carry."""

_DECISIONS: Final = frozenset({"judgement", "clock", "finding", "lawbook"})

Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Schemas without `default: null`: a field that is left out has no value, and null is never one."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def channel_of(entry: EventType) -> str:
    """Return the topic of the bus that carries events of this type."""
    if entry.aggregate == "notification":
        return "notification.events"
    by_platform = entry.emitters == {"SYS"} and entry.aggregate in _DECISIONS
    return "transfer.decisions" if by_platform else "intake.events"


def definitions(ref_template: str = "#/$defs/{model}") -> Schema:
    """Return the schemas of the envelope, of the data of every type and of all values, by class name."""
    models: list[type[Value]] = [Envelope, *(entry.data_model for entry in EVENT_TYPES.values())]
    _, document = models_json_schema(
        [(model, "validation") for model in models],
        by_alias=False,
        ref_template=ref_template,
        schema_generator=_Plain,
    )
    found: Schema = document["$defs"]
    for entry in EVENT_TYPES.values():
        found[entry.data_model.__name__] |= _declared(entry)
    return found


def _declared(entry: EventType) -> Schema:
    return {
        "title": entry.name_zh,
        "x-title-en": entry.name_en,
        "x-type": entry.type,
        "x-emitters": sorted(entry.emitters),
        "x-subject": entry.subject,
        "x-region": entry.region,
        "x-source": entry.source,
    }


def data_schema(entry: EventType) -> Schema:
    """Return the schema of the data of one type, with everything that it needs inside."""
    schema = entry.data_model.model_json_schema(schema_generator=_Plain)
    return {"$schema": DIALECT, "$id": entry.dataschema} | schema | _declared(entry)


def bundle() -> Schema:
    """Return one schema for whole events of every type."""
    found = definitions()
    return {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_PREFIX}bundle",
        "title": "衔接平台事件",
        "description": "Any event of the catalogue as one CloudEvent in JSON, as an organ sends it.",
        "$ref": "#/$defs/Envelope",
        "properties": {"type": {"enum": list(EVENT_TYPES)}},
        "allOf": [
            {"if": {"properties": {"type": {"const": entry.type}}}, "then": _attributes(entry, "#/$defs/")}
            for entry in EVENT_TYPES.values()
        ],
        "$defs": found,
    }


def _attributes(entry: EventType, prefix: str) -> Schema:
    subject = SUBJECT_FORMS[entry.subject]
    speakers = [
        *([PLATFORM_PREFIX] if "SYS" in entry.emitters else []),
        *([ORGAN_PREFIX] if entry.emitters != {"SYS"} else []),
    ]
    return {
        "properties": {
            "type": {"const": entry.type},
            "source": {"pattern": f"^({'|'.join(speakers)})"},
            "dataschema": {"const": entry.dataschema},
            "subject": {"pattern": subject.pattern},
            "data": {"$ref": prefix + entry.data_model.__name__},
        }
    }


def asyncapi() -> Schema:
    """Return the AsyncAPI document of the topics of the bus."""
    entries = EVENT_TYPES.values()
    schemas = definitions("#/components/schemas/{model}")
    schemas["Envelope"] = _recorded(schemas["Envelope"])
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "衔接平台事件流 Xianjie event streams",
            "version": "1",
            "description": "One CloudEvent 1.0 in structured JSON per message; the key is the subject.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(name, description) for name, description in CHANNELS.items()},
        "operations": {
            f"{verb}.{name}": {"action": verb, "channel": {"$ref": f"#/channels/{name}"}}
            for name in CHANNELS
            for verb in ("send", "receive")
        },
        "components": {"messages": {entry.name: _message(entry) for entry in entries}, "schemas": schemas},
    }


def _channel(name: str, description: str) -> Schema:
    carried = [entry.name for entry in EVENT_TYPES.values() if channel_of(entry) == name]
    return {
        "address": name,
        "description": description,
        "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in carried},
    }


def _message(entry: EventType) -> Schema:
    prefix = "#/components/schemas/"
    return {
        "name": entry.type,
        "title": entry.name_zh,
        "summary": entry.name_en,
        "contentType": "application/cloudevents+json",
        "payload": {"allOf": [{"$ref": f"{prefix}Envelope"}, _attributes(entry, prefix)]},
    }


def _recorded(envelope: Schema) -> Schema:
    """The envelope on the bus: intake has added the instant at which it accepted the event."""
    instant = envelope["properties"]["time"] | {
        "title": "受理时间",
        "description": "when the platform took the event in",
    }
    return envelope | {
        "properties": envelope["properties"] | {"recordedat": instant},
        "required": [*envelope["required"], "recordedat"],
    }


def documents() -> dict[str, str]:
    """Return the text of every generated file by its path below the folder of schemas."""
    files: dict[str, Schema] = {
        f"events/{entry.type}.json": data_schema(entry) for entry in EVENT_TYPES.values()
    }
    files |= {"bundle.json": bundle(), "asyncapi.json": asyncapi()}
    return {name: json.dumps(file, ensure_ascii=False, indent=1) + "\n" for name, file in files.items()}


def differing(folder: Path) -> list[str]:
    """Return the paths of files that are missing, left over or other than they would be written."""
    wanted = documents()
    # beside the events stand documents that other parts generate; only the folder of events is ours alone
    stale = {f"events/{path.name}" for path in (folder / "events").glob("*.json")} - set(wanted)
    other = {name for name, text in wanted.items() if not _holds(folder / name, text)}
    return sorted(stale | other)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def write(folder: Path) -> list[str]:
    """Write what differs, remove what is left over, and return the paths of both."""
    wanted, changed = documents(), differing(folder)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def release(folder: Path) -> list[str]:
    """Make the present bundle the released one, unless that would break somebody; return what breaks."""
    path, new = folder / RELEASED, bundle()
    breaks = breaking_changes(json.loads(path.read_text(encoding="utf-8")), new) if path.exists() else []
    if not breaks:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(new, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return breaks


def main(arguments: list[str]) -> int:
    """Run `write`, `check` or `release`; return the exit code of the command line."""
    match arguments:
        case ["write"]:
            done, failed = write(FOLDER), False
        case ["check"]:
            done = differing(FOLDER)
            failed = bool(done)
        case ["release"]:
            done = release(FOLDER)
            failed = bool(done)
        case _:
            sys.stderr.write("usage: python -m xianjie.contracts.schemas write|check|release\n")
            return 2
    sys.stdout.writelines(f"{line}\n" for line in done)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What a change of the schemas would break, for those who send events and for those who read them.

A schema may grow: new types, new optional fields, new words in a list, new emitters, wider texts. Whatever
was accepted stays accepted, and what was there to read stays there with the same meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Schema = Mapping[str, Any]

_FIXED: Final = ("type", "const", "pattern", "format", "x-unit", "x-subject")
"""Keywords whose change is never compatible; taking one away widens, except for the unit and the subject."""

_UPPER: Final = ("maxLength", "maximum", "maxItems", "maxProperties")
_LOWER: Final = ("minLength", "minimum", "minItems", "minProperties")


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Return one line for each thing in the bundle `new` that breaks what relied on the bundle `old`.

    Args:
        old: bundle as it was released.
        new: bundle as it would be released.

    Returns:
        Lines of the form `<type>/<field>: <what changed>`; empty when nothing breaks.
    """
    comparison = _Comparison(old["$defs"], new["$defs"])
    found = list(comparison.of("envelope", old["$defs"]["Envelope"], new["$defs"]["Envelope"]))
    now = _by_type(new)
    for type_, before in _by_type(old).items():
        if type_ not in now:
            found.append(f"{type_}: type removed")
            continue
        gone = set(before["x-emitters"]) - set(now[type_]["x-emitters"])
        found += [f"{type_}: emitter {kind} removed" for kind in sorted(gone)]
        found += comparison.of(type_, before, now[type_])
    return found


def _by_type(bundle: Schema) -> dict[str, Schema]:
    return {schema["x-type"]: schema for schema in bundle["$defs"].values() if "x-type" in schema}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two sets of definitions, and the walk through both at once. The schemas hold no cycles."""

    before: Schema
    after: Schema

    def of(self, where: str, old: Any, new: Any) -> Iterator[str]:
        """Yield what is narrower in `new` than in `old`."""
        if isinstance(old, bool) or isinstance(new, bool):
            if new is False and old is not False:
                yield f"{where}: no longer allowed"
            elif old is True and new is not True:
                yield f"{where}: no longer free"
            return
        old, new = _resolved(old, self.before), _resolved(new, self.after)
        yield from _keywords(where, old, new)
        yield from self._members(where, old, new)
        yield from self._choices(where, old, new)
        if "items" in new:
            yield from self.of(f"{where}/*", old.get("items", True), new["items"])

    def _members(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        had, has = old.get("properties", {}), new.get("properties", {})
        for name, schema in had.items():
            if name in has:
                yield from self.of(f"{where}/{name}", schema, has[name])
            elif schema is not False:
                yield f"{where}/{name}: field removed"
        for name in new.get("required", ()):
            if name not in old.get("required", ()):
                yield f"{where}/{name}: now required"
        if (
            new.get("additionalProperties", True) is False
            and old.get("additionalProperties", True) is not False
        ):
            yield f"{where}: unknown fields now refused"

    def _choices(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        for keyword in ("oneOf", "anyOf"):
            had, has = old.get(keyword), new.get(keyword)
            if has is None:
                continue
            if had is None or len(has) < len(had):
                yield f"{where}: {keyword} narrowed"
                continue
            for place, (one, other) in enumerate(zip(had, has, strict=False)):
                yield from self.of(f"{where}<{keyword} {place}>", one, other)


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: Schema = definitions[reference.rpartition("/")[2]]
    return {**target, **{name: value for name, value in schema.items() if name != "$ref"}}


def _keywords(where: str, old: Schema, new: Schema) -> Iterator[str]:
    for keyword in _FIXED:
        widened = keyword not in new and not keyword.startswith("x-")
        if old.get(keyword) != new.get(keyword) and not widened:
            yield f"{where}: {keyword} changed"
    for keyword in _UPPER:
        if keyword in new and (keyword not in old or new[keyword] < old[keyword]):
            yield f"{where}: {keyword} lowered"
    for keyword in _LOWER:
        if keyword in new and (keyword not in old or new[keyword] > old[keyword]):
            yield f"{where}: {keyword} raised"
    if "enum" in new:
        allowed = [*old.get("enum", ()), *([old["const"]] if "const" in old else ())]
        if not allowed:
            yield f"{where}: list of words added"
        yield from (f"{where}: word {word} removed" for word in allowed if word not in new["enum"])

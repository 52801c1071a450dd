"""From the words of a law file to the nodes of a standard. The language is closed: see `nodes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import Fact, FactType, UnreadInstrument
from xianjie.lawbook.standards.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    Comparison,
    Discretionary,
    Limit,
    Node,
    Total,
    Truth,
    UnreadLimb,
    Wording,
)
from xianjie.lawbook.standards.parameters import Parameter
from xianjie.lawbook.standards.values import Number, Op

NUMERIC_OPS = (Op.at_least, Op.more_than, Op.at_most, Op.less_than, Op.equal)
_SHAPES = ("fact", "kind", "all_of", "any_of", "at_least")
_NOWHERE = Fact("", FactType.boolean, "", "", "", None, (), False, None)


@dataclass(slots=True)
class NodeReader:
    """Reads the trees of one version; keeps the facts that they use and the nodes in their order."""

    version: str
    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    known_unread: Mapping[str, UnreadInstrument]
    used: dict[str, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    _count: int = 0

    def tree(self, record: Record, *, stem: str) -> Node:
        """Read the tree whose root may go without an id (then it is called `<version>/<stem>`)."""
        return self._node(record, default=f"{self.version}/{stem}")

    def ordered(self) -> tuple[Node, ...]:
        """Return all nodes read, by index."""
        return tuple(sorted(self.nodes, key=lambda node: node.index))

    def fact_order(self) -> tuple[Fact, ...]:
        """Return the facts in the order of their slots."""
        return tuple(self.facts[name] for name in self.used)

    def _node(self, record: Record, *, default: str | None = None) -> Node:
        index = self._count
        self._count += 1
        name = default if default and not record.has("id") else record.identifier("id")
        if not name.startswith(f"{self.version}/"):
            record.wrong("id", f"应以 {self.version}/ 开头", f"must begin with {self.version}/")
        shapes = [shape for shape in _SHAPES if record.has(shape)]
        place: dict[str, Any] = {"id": name, "index": index}
        if len(shapes) != 1:
            record.wrong("", "结点必须且只能有一种形式", f"a node has exactly one of {', '.join(_SHAPES)}")
            node: Node = AnyOf(**place, wording=Wording(), parts=())
        elif shapes[0] == "fact":
            node = self._predicate(record, place)
        elif shapes[0] == "kind":
            node = self._of_kind(record, place)
        else:
            node = self._group(record, shapes[0], place)
        record.finish()
        self.nodes.append(node)
        return node

    def _wording(self, record: Record, *, leaf: bool) -> Wording:
        derived = None
        if record.has("derived_from"):
            below = record.below("derived_from")
            derived = (below.text("criterion"), below.number("factor", above=0))
            below.finish()
        outcome = record.text_or_none("outcome")
        if outcome not in (None, "attempt"):
            record.wrong("outcome", "只允许 attempt", "only attempt is known")
        return Wording(
            zh=record.text("description_zh") if leaf else record.text_or_none("description_zh"),
            en=record.text("description_en") if leaf else record.text_or_none("description_en"),
            clause=record.text_or_none("clause"),
            outcome=outcome,
            derived_from=derived,
            scaled_by=record.number("scaled_by", above=0) if record.has("scaled_by") else None,
        )

    def _group(self, record: Record, shape: str, place: dict[str, Any]) -> Node:
        place["wording"] = self._wording(record, leaf=False)
        if shape == "at_least":
            needed = record.whole("at_least", least=1)
            parts = tuple(self._node(part) for part in record.records("of", least=1))
            if needed > len(parts):
                record.wrong("at_least", "大于分项数量", "more than there are parts")
            return AtLeast(**place, needed=needed, parts=parts)
        parts = tuple(self._node(part) for part in record.records(shape, least=1))
        return AllOf(**place, parts=parts) if shape == "all_of" else AnyOf(**place, parts=parts)

    def _of_kind(self, record: Record, place: dict[str, Any]) -> Node:
        kind = record.text("kind")
        place["wording"] = self._wording(record, leaf=True)
        if kind == "discretionary":
            return Discretionary(**place)
        if kind == "unread_limb":
            unread = record.text("known_unread")
            if unread not in self.known_unread:
                record.wrong(
                    "known_unread", f"没有这一未读文件：{unread}", f"no such unread instrument: {unread}"
                )
            return UnreadLimb(**place, known_unread=unread)
        if kind in ("sum", "ratio_sum"):
            return self._total(record, kind, place)
        record.wrong("kind", f"未知的结点种类：{kind}", f"unknown kind of node: {kind}")
        return Discretionary(**place)

    def _slot(self, record: Record, key: str = "fact") -> tuple[Fact, int]:
        name = record.text(key)
        fact = self.facts.get(name)
        if fact is None:
            record.wrong(key, f"没有这一事实：{name}", f"no such fact: {name}")
            return _NOWHERE, 0
        return fact, self.used.setdefault(name, len(self.used))

    def _predicate(self, record: Record, place: dict[str, Any]) -> Node:
        fact, slot = self._slot(record)
        place |= {"wording": self._wording(record, leaf=True), "fact": fact.name, "slot": slot}
        if fact.type is FactType.boolean:
            return Truth(**place, op=record.one_of("op", (Op.is_true, Op.is_false)))
        if fact.type is FactType.enum:
            op = record.one_of("op", (Op.among, Op.equal))
            values = record.texts("value") if op is Op.among else (record.text("value"),)
            for value in values:
                if value not in fact.values:
                    record.wrong(
                        "value", f"该事实没有此取值：{value}", f"the fact has no such value: {value}"
                    )
            return Choice(**place, op=op, values=values)
        op = record.one_of("op", NUMERIC_OPS)
        unit = self._unit(record, fact.unit)
        if fact.type is FactType.date:
            return Comparison(**place, op=op, unit=unit, limit=Limit(record.day("value")))
        return Comparison(**place, op=op, unit=unit, limit=self._limit(record, unit))

    def _unit(self, record: Record, needed: str | None) -> str | None:
        unit = record.text_or_none("unit")
        if unit != needed:
            record.wrong("unit", f"单位应为 {needed}", f"the unit must be {needed}")
        return unit

    def _limit(self, record: Record, unit: str | None) -> Limit:
        if not isinstance(record.raw("value"), dict):
            return Limit(record.number("value", above=-1))
        below = record.below("value")
        name = below.text("param")
        parameter = self.parameters.get(name)
        factor: Number = below.number("factor", above=0) if below.has("factor") else 1
        below.finish()
        if parameter is None:
            below.wrong("param", f"没有这一参数：{name}", f"no such parameter: {name}")
            return Limit(0)
        if parameter.unit != unit:
            below.wrong(
                "param", f"参数的单位是 {parameter.unit}", f"the unit of the parameter is {parameter.unit}"
            )
        return Limit(None, parameter, factor)

    def _total(self, record: Record, kind: str, place: dict[str, Any]) -> Node:
        weight_key = "coefficient" if kind == "sum" else "standard"
        terms: list[tuple[int, Fraction]] = []
        names: list[str] = []
        units: set[str | None] = set()
        for term in record.records("terms", least=1):
            fact, slot = self._slot(term)
            weight = Fraction(term.number(weight_key, above=0))
            if not fact.numeric:
                term.wrong("fact", "只有数量可以相加", "only numbers can be added")
            if fact.name in names:
                term.wrong("fact", "同一事实重复", "the fact stands twice")
            terms.append((slot, weight if kind == "sum" else 1 / weight))
            names.append(fact.name)
            units.add(fact.unit)
            term.finish()
        if kind == "sum" and len(units) > 1:
            record.wrong("terms", "各项单位不同", "the terms have different units")
        unit = self._unit(record, next(iter(units), None) if kind == "sum" else None)
        return Total(
            **place,
            kind=kind,
            facts=tuple(names),
            terms=tuple(terms),
            op=record.one_of("op", NUMERIC_OPS),
            limit=self._limit(record, unit),
            unit=unit,
        )

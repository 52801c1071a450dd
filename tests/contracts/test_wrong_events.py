"""A table of wrong events: for each the place and the code that a vendor gets to see."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from tests.contracts.samples import AGENCY, PARTY, PLATFORM, an_event

from xianjie.contracts.envelope import read_event, to_json
from xianjie.contracts.errors import Malformed
from xianjie.contracts.schemas import bundle


def data(name: str, /, **members: Any) -> dict[str, Any]:
    """Return an event with members of its data set; None removes one."""
    changed = an_event(name)["data"] | members
    return an_event(name, {key: value for key, value in changed.items() if value is not None})


def fact(**members: Any) -> dict[str, Any]:
    """Return a record of one fact with members set; None removes one."""
    one = {"fact": "sales_amount", "value": {"fen": 1}, "certainty": "measured"} | members
    return data("evidence.recorded", facts=[{key: value for key, value in one.items() if value is not None}])


def valued(value: Any) -> dict[str, Any]:
    """Return a record of one fact with this value."""
    return fact(value=value)


def occurred(**stated: Any) -> dict[str, Any]:
    """Return an event that happened then."""
    return data("admin_case.closed", occurred=stated)


def due(**stated: Any) -> dict[str, Any]:
    """Return a clock with this due."""
    return data("clock.started", due={"derivation": []} | stated)


ENVELOPE = [
    (an_event(id=None), "/id", "event.field.missing"),
    (an_event(id="a b"), "/id", "event.form.event_id"),
    (an_event(id="x" * 65), "/id", "event.form.event_id"),
    (an_event(id=7), "/id", "event.form.event_id"),
    (an_event(specversion="0.3"), "/specversion", "event.value.not_in_list"),
    (an_event(source="urn:xianjie:organ:xx-1-y"), "/source", "event.form.source"),
    (an_event(source="ag-130999-market_regulation"), "/source", "event.form.source"),
    (an_event("clock.closed", source=AGENCY), "/source", "event.source.emitter"),
    (an_event("case.filed", source=PLATFORM), "/source", "event.source.emitter"),
    (an_event(type="cn.xianjie.case.transfered.v1"), "/type", "event.type.unknown"),
    (an_event(type="case.transferred"), "/type", "event.type.unknown"),
    (an_event(type=3), "/type", "event.value.type"),
    (an_event(subject="2026-001"), "/subject", "event.form.case_id"),
    (an_event("party.merged", subject="ag-130999-x/1"), "/subject", "event.form.party_id"),
    (an_event(subject=["a"]), "/subject", "event.value.type"),
    (an_event(time="2026-03-02T09:30:00"), "/time", "event.form.instant"),
    (an_event(time="2026-02-30T09:30:00+08:00"), "/time", "event.form.instant"),
    (an_event(datacontenttype="text/json"), "/datacontenttype", "event.value.not_in_list"),
    (an_event(dataschema="urn:xianjie:schema:other"), "/dataschema", "event.dataschema.mismatch"),
    (an_event(data_base64="e30="), "/data_base64", "event.field.unknown"),
    (an_event(priority="1"), "/priority", "event.field.unknown"),
    (an_event(recordedat="2026-03-02T09:30:00Z"), "/recordedat", "event.attribute.reserved"),
    (an_event(sequence=12), "/sequence", "event.form.sequence"),
    (an_event(sequence="012"), "/sequence", "event.form.sequence"),
    (an_event(handling="secret"), "/handling", "event.value.not_in_list"),
    (an_event(traceparent="00-0"), "/traceparent", "event.form.traceparent"),
    (an_event(jws="a.b.c"), "/jws", "event.form.signature"),
    (an_event() | {"correlationid": None}, "/correlationid", "event.value.null"),
    (an_event() | {"data": []}, "/data", "event.value.type"),
    (an_event() | {"data": None}, "/data", "event.value.null"),
]

DATA = [
    (data("case.filed", occurred=None), "/data/occurred", "event.field.missing"),
    (data("case.filed", origin=None), "/data/origin", "event.field.missing"),
    (data("case.filed", origin="transferred"), "/data/origin", "event.value.not_in_list"),
    (data("case.filed", offences="x"), "/data/offences", "event.value.type"),
    (data("case.filed", offences=["a", "B"]), "/data/offences/1", "event.form.offence_id"),
    (data("case.filed", case_no="1"), "/data/case_no", "event.field.unknown"),
    (data("case.filed", **{"a/b~c": "1"}), "/data/a~1b~0c", "event.field.unknown"),
    (data("case.filed", note="字" * 4001), "/data/note", "event.text.too_long"),
    (data("case.filed", note="e\u0301"), "/data/note", "event.text.not_nfc"),
    (data("case.filed", note=5), "/data/note", "event.value.type"),
    (data("case.filed", parties=[PARTY, "pty_1"]), "/data/parties/1", "event.form.party_id"),
    (data("case.filed", by_organ="ps-130999-ps\n"), "/data/by_organ", "event.form.organ_id"),
    (data("case.declined", file_returned="true"), "/data/file_returned", "event.value.type"),
    (data("case.declined", file_returned=1), "/data/file_returned", "event.value.type"),
    (data("penalty.executed", fine_executed_fen="1"), "/data/fine_executed_fen", "event.value.type"),
    (data("penalty.executed", fine_executed_fen=True), "/data/fine_executed_fen", "event.value.type"),
    (data("penalty.executed", fine_executed_fen=100.0), "/data/fine_executed_fen", "event.value.type"),
    (data("penalty.executed", fine_executed_fen=2**53), "/data/fine_executed_fen", "event.json.number"),
    (data("penalty.executed", fine_executed_fen=1e300), "/data/fine_executed_fen", "event.json.number"),
    (data("penalty.executed", decision={"id": "a"}), "/data/decision/source", "event.field.missing"),
    (data("finding.raised", confidence=0.5), "/data/confidence", "event.form.decimal"),
    (data("finding.raised", confidence="1e-1"), "/data/confidence", "event.form.decimal"),
    (data("finding.raised", confidence="٠"), "/data/confidence", "event.form.decimal"),
    (data("agenda.set", meeting_on="2026-02-29"), "/data/meeting_on", "event.form.date"),
    (data("agenda.set", meeting_on="2026-03-02T00:00:00Z"), "/data/meeting_on", "event.form.date"),
    (data("report.issued", figures_digest="sha-256:AB"), "/data/figures_digest", "event.form.digest"),
    (data("record.corrected", replacement=["x"]), "/data/replacement", "event.value.type"),
    (data("record.corrected", replacement={"a": {"b": 1e16}}), "/data/replacement", "event.json.number"),
    (data("organ.changed", organ={"id": "x"}), "/data/organ/id", "event.form.organ_id"),
    (
        data("evidence.recorded", facts=None, conduct=None, searched=[], documents=None),
        "/data",
        "event.evidence.empty",
    ),
]

VALUES = [
    (occurred(precision="day"), "/data/occurred/value", "event.occurred.no_value"),
    (occurred(precision="day", value="2026-03"), "/data/occurred/value", "event.occurred.precision"),
    (occurred(precision="unknown", value="2026"), "/data/occurred/value", "event.occurred.value_of_unknown"),
    (occurred(precision="hour", value="2026"), "/data/occurred/precision", "event.value.not_in_list"),
    (occurred(precision="year", value=2026), "/data/occurred/value", "event.value.type"),
    (occurred(precision="unknown", not_before="2026"), "/data/occurred/not_before", "event.form.date"),
    (data("case.filed", occurred="2026-03-02"), "/data/occurred", "event.value.type"),
    (fact(fact="Sales"), "/data/facts/0/fact", "event.form.fact_name"),
    (fact(certainty=None), "/data/facts/0/certainty", "event.field.missing"),
    (valued({}), "/data/facts/0/value", "event.fact.value_count"),
    (valued({"int": 1, "fen": 1}), "/data/facts/0/value", "event.fact.value_count"),
    (valued({"cny": 1}), "/data/facts/0/value/cny", "event.field.unknown"),
    (valued({"int": True}), "/data/facts/0/value/int", "event.value.type"),
    (valued({"bool": 1}), "/data/facts/0/value/bool", "event.value.type"),
    (valued({"unknown": 1}), "/data/facts/0/value/unknown", "event.value.type"),
    (valued({"unknown": False}), "/data/facts/0/value/unknown", "event.fact.unknown_false"),
    (valued({"interval": 3}), "/data/facts/0/value/interval", "event.value.type"),
    (valued({"interval": {"min": 1}}), "/data/facts/0/value/interval/unit", "event.field.missing"),
    (
        valued({"interval": {"unit": "yuan", "min": 1}}),
        "/data/facts/0/value/interval/unit",
        "event.value.not_in_list",
    ),
    (
        valued({"interval": {"unit": "fen", "min": "1"}}),
        "/data/facts/0/value/interval/min",
        "event.value.type",
    ),
    (
        valued({"interval": {"unit": "decimal", "max": 1}}),
        "/data/facts/0/value/interval/max",
        "event.form.decimal",
    ),
    (
        valued({"interval": {"unit": "fen"}}),
        "/data/facts/0/value/interval",
        "event.fact.interval_without_bound",
    ),
    (
        valued({"interval": {"unit": "decimal", "min": "10", "max": "9.9"}}),
        "/data/facts/0/value/interval/max",
        "event.fact.interval_empty",
    ),
    (due(kind="day"), "/data/due/day", "event.due.missing"),
    (due(kind="day", day="2026-03-02", latest="2026-03-03"), "/data/due/latest", "event.due.excluded"),
    (due(kind="dual", calendar="2026-03-02"), "/data/due/working", "event.due.missing"),
    (
        due(kind="dual", calendar={"earliest": "x"}, working="2026-03-02"),
        "/data/due/calendar/earliest",
        "event.form.date",
    ),
    (due(kind="dual", calendar=5, working="2026-03-02"), "/data/due/calendar", "event.form.date"),
    (due(kind="instant", instant="2026-03-02"), "/data/due/instant", "event.form.instant"),
    (due(kind="interval", earliest="morgen"), "/data/due/earliest", "event.form.date_or_instant"),
]

WRONG = [*ENVELOPE, *DATA, *VALUES]

EACH = pytest.mark.parametrize(
    ("event", "pointer", "code"), WRONG, ids=[f"{code} {pointer}" for _, pointer, code in WRONG]
)

# What no schema can know: Unicode, arithmetic, and that 1.0 is no integer to us.
BEYOND_SCHEMA = [
    "event.text.not_nfc",
    "event.value.type",
    "event.json.number",
    "event.json.number",
    "event.json.number",
    "event.fact.interval_empty",
]


@EACH
def test_a_wrong_event_is_refused_at_its_place_with_its_code(event: Any, pointer: str, code: str) -> None:
    for raw in (event, _bytes(event)):
        with pytest.raises(Malformed) as refused:
            read_event(raw)
        assert (pointer, code) in {(problem.pointer, problem.code) for problem in refused.value.problems}


def _bytes(event: Any) -> bytes:
    return json.dumps(event, ensure_ascii=False, allow_nan=False).encode()


@EACH
def test_one_mistake_is_told_once(event: Any, pointer: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_event(event)
    told = [problem.pointer for problem in refused.value.problems]
    assert told.count(pointer) == 1
    assert len(told) == 1 or code in {"event.field.missing", "event.form.organ_id"}


@EACH
def test_every_problem_speaks_chinese_and_english_and_says_what_to_do(
    event: Any, pointer: str, code: str
) -> None:
    with pytest.raises(Malformed) as refused:
        read_event(event)
    for problem in refused.value.problems:
        for chinese in (problem.detail, problem.todo):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
            assert "{" not in chinese.replace('{"unknown": true}', "")
        for english in (problem.detail_en, problem.todo_en):
            assert english.isascii()
            assert "{" not in english.replace('{"unknown": true}', "")
            assert not any(word in english for word in ("Input should", "pydantic", "Field required"))


def test_the_published_schema_refuses_what_we_refuse() -> None:
    validator = jsonschema_rs.validator_for(bundle(), validate_formats=True)
    accepted = [code for event, _, code in WRONG if validator.is_valid(event)]
    assert sorted(accepted) == sorted(BEYOND_SCHEMA)


def test_all_mistakes_of_an_event_are_told_together() -> None:
    event = data("case.filed", origin="x", offences=["A"], note=None) | {"id": "", "time": "now"}
    with pytest.raises(Malformed) as refused:
        read_event(to_json(event))
    assert [problem.pointer for problem in refused.value.problems] == [
        "/id",
        "/time",
        "/data/origin",
        "/data/offences/0",
    ]


def test_very_many_mistakes_are_counted_and_not_all_told() -> None:
    with pytest.raises(Malformed) as refused:
        read_event(data("case.filed", offences=["A"] * 250))
    assert len(refused.value.problems) == 101
    assert refused.value.problems[-1].code == "event.more"
    assert "150" in refused.value.problems[-1].detail


def test_a_word_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(Malformed) as refused:
        read_event(data("case.filed", origin="transfers"))
    assert "是否应为transfer？" in refused.value.problem.todo
    assert "Did you mean transfer?" in refused.value.problem.todo_en


def test_a_message_names_the_field_in_chinese_and_never_repeats_its_value() -> None:
    with pytest.raises(Malformed) as refused:
        read_event(data("party.identified", name=["张三"]))
    assert "姓名或名称" in refused.value.problem.detail
    assert "张三" not in repr(refused.value)

"""When an act happened: no precision is claimed that the source did not state."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.contracts.samples import an_event

from xianjie.contracts.envelope import read_event, to_json
from xianjie.contracts.values import Occurred

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES = {
    "instant": st.builds(
        lambda day, clock, offset: datetime.combine(day, clock, offset).isoformat(),
        st.dates(min_value=date(1000, 1, 1)),
        st.times(),
        OFFSETS,
    ),
    "day": st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
    "month": st.dates(min_value=date(1000, 1, 1)).map(lambda day: day.isoformat()[:7]),
    "year": st.integers(1000, 9999).map(str),
}
STATED = st.one_of(
    *(st.fixed_dictionaries({"precision": st.just(p), "value": values}) for p, values in VALUES.items()),
    st.fixed_dictionaries(
        {"precision": st.just("unknown")},
        optional={
            "not_before": VALUES["day"],
            "not_after": VALUES["day"],
            "text": st.just("5月6日（年份未公布）"),
        },
    ),
)


@given(STATED)
def test_what_the_source_stated_comes_back_and_nothing_else(stated: dict[str, Any]) -> None:
    event = an_event("admin_case.resumed", {"occurred": stated} | _rest())
    assert read_event(to_json(event))["data"]["occurred"] == stated
    assert Occurred.model_validate(stated).model_dump(exclude_unset=True) == stated


def _rest() -> dict[str, Any]:
    data = an_event("admin_case.resumed")["data"]
    return {name: value for name, value in data.items() if name != "occurred"}


@given(st.sampled_from(sorted(VALUES)), st.sampled_from(sorted(VALUES)), st.data())
def test_a_value_of_another_precision_is_refused(claimed: str, known: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[known])
    if claimed == known:
        assert Occurred.model_validate({"precision": claimed, "value": value}).value == value
    else:
        with pytest.raises(ValidationError, match="worded"):
            Occurred.model_validate({"precision": claimed, "value": value})


@pytest.mark.parametrize(
    ("precision", "value"),
    [
        ("day", "2026-02-30"),
        ("day", "2025-02-29"),
        ("day", "2026-13-01"),
        ("day", "0000-01-01"),
        ("day", "20260302"),
        ("day", "2026-3-2"),
        ("day", "2026-03-02\n"),
        ("day", "２０２６-03-02"),
        ("month", "2026-00"),
        ("month", "2026-13"),
        ("month", "2026-03-01"),
        ("year", "26"),
        ("instant", "2026-03-02"),
        ("instant", "2026-03-02T09:30:00"),
        ("instant", "2026-03-02T25:00:00+08:00"),
        ("instant", "2026-03-02T09:30+08:00"),
        ("instant", "2026-03-02 09:30:00+08:00"),
        ("instant", "2026-03-02T09:30:00+24:00"),
        ("instant", ""),
    ],
)
def test_a_value_that_is_no_moment_of_its_precision_is_refused(precision: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Occurred.model_validate({"precision": precision, "value": value})


@pytest.mark.parametrize(
    "value", ["2026-03-02T09:30:00Z", "2026-03-02T09:30:00.5-03:30", "2024-02-29T00:00:00+08:00"]
)
def test_every_offset_of_rfc_3339_is_an_instant(value: str) -> None:
    assert Occurred.model_validate({"precision": "instant", "value": value}).value == value


def test_unknown_has_no_value_and_every_other_precision_has_one() -> None:
    with pytest.raises(ValidationError):
        Occurred.model_validate({"precision": "unknown", "value": "2026"})
    for precision in VALUES:
        with pytest.raises(ValidationError):
            Occurred.model_validate({"precision": precision})
    assert Occurred.model_validate({"precision": "unknown"}).model_dump(exclude_unset=True) == {
        "precision": "unknown"
    }

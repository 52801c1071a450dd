"""The first and the last moments that a date can name are dates like all others."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.builders import Intake, event


@pytest.mark.parametrize(
    "instant",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999-12:00",
        "9999-12-31T23:59:59Z",
        "2026-03-05T09:30:00.123456789+08:00",
        "2026-03-05T09:30:00-00:00",
        "2026-03-05T09:30:00+23:59",
    ],
)
async def test_no_instant_breaks_the_door(intake: Intake, instant: str) -> None:
    for id, sent in (
        ("released", {"time": instant}),
        ("occurred", {"data": {"occurred": {"precision": "instant", "value": instant}}}),
    ):
        answer = await intake.post(event(id=id) | sent)
        assert answer.status_code in (201, 422), (id, answer.text)


@pytest.mark.parametrize(
    "occurred",
    [
        {"precision": "day", "value": "0001-01-01"},
        {"precision": "day", "value": "9999-12-31"},
        {"precision": "month", "value": "9999-12"},
        {"precision": "month", "value": "0001-01"},
        {"precision": "year", "value": "9999"},
        {"precision": "year", "value": "0001"},
        {"precision": "year", "value": "0000"},
        {"precision": "month", "value": "2026-13"},
        {"precision": "unknown", "not_before": "0001-01-01", "not_after": "9999-12-31"},
        {"precision": "unknown", "not_before": "2026-02-30"},
        {"precision": "unknown", "not_before": "1900-01-01", "not_after": "2999-12-31"},
        {"precision": "year", "text": 'a "quoted" word', "value": "9999"},
        {"precision": "month", "value": "2999-12"},
        {"precision": "day", "value": "2026-03-05", "not_after": "9999-12-31", "not_before": "0001-01-01"},
    ],
)
async def test_no_day_breaks_the_door(intake: Intake, occurred: dict[str, Any]) -> None:
    answer = await intake.post(event(data={"occurred": occurred}))
    assert answer.status_code in (201, 422), answer.text


async def test_a_year_outside_the_calendar_is_refused_with_its_place(intake: Intake) -> None:
    conduct = {"began": {"precision": "month", "text": '"约"', "value": "0199-05"}}
    answer = await intake.post(
        event("evidence.recorded", data={"conduct": conduct}, time="9999-12-31T23:59:59Z")
    )
    assert answer.status_code == 422
    told = [(problem["code"], problem["pointer"]) for problem in answer.json()["errors"]]
    assert told == [
        ("event.time.out_of_range", "/data/conduct/began/value"),
        ("event.time.out_of_range", "/time"),
    ]


async def test_a_number_that_looks_like_a_month_is_no_time(intake: Intake) -> None:
    said = {"file_number": "0012-03", "violation_type": "9999"}
    assert (await intake.post(event("admin_case.filed", data=said))).status_code == 201

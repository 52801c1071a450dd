"""Logs: JSON lines on standard error that carry no data."""

from __future__ import annotations

import asyncpg
import orjson
import structlog

from xianjie.chassis import telemetry
from xianjie.chassis.database import unavailable


def test_a_log_line_is_one_json_object_on_standard_error(capsys) -> None:
    telemetry.configure()
    structlog.get_logger("xianjie.test").warning("something.happened", place=3)
    said = capsys.readouterr()
    assert said.out == ""
    line = orjson.loads(said.err)
    assert (line["event"], line["level"], line["place"]) == ("something.happened", "warning", 3)


def test_what_is_told_about_an_error_leaves_out_its_words() -> None:
    try:
        raise ValueError("身份证号 210102199001011234")
    except ValueError as error:
        told = telemetry.told(error)
    assert told["error"] == "ValueError"
    assert told["at_line"].startswith(f"{__name__}:")
    assert "210102" not in str(told)


def test_what_is_told_names_stable_codes() -> None:
    assert telemetry.told(unavailable())["code"] == "database.away"
    assert telemetry.told(asyncpg.UniqueViolationError("Key (id)=(张三)")) == {
        "error": "UniqueViolationError",
        "sqlstate": "23505",
    }

"""Ways of spoiling the tiny law, and what a check has to say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lawbook.standards_law import amount, leaf, tiny, written

from xianjie.lawbook.checking.standards_checking import check_standards

TINY = "standards/tiny.yaml"
ROOT = "versions[0].criteria"
OLD, NEW = f"{ROOT}.any_of[0]", f"{ROOT}.any_of[1]"
Change = Callable[[dict[str, Any]], object]


def version(law: dict[str, Any]) -> dict[str, Any]:
    return law[TINY]["versions"][0]


def limb(law: dict[str, Any]) -> dict[str, Any]:
    return version(law)["criteria"]["any_of"][0]


def large(law: dict[str, Any]) -> dict[str, Any]:
    return law["parameters.yaml"]["parameters"][0]


def overlays(law: dict[str, Any]) -> list[dict[str, Any]]:
    return law["overlays/CN-51.yaml"]["overlays"]


def act(law: dict[str, Any]) -> dict[str, Any]:
    return law["instruments/act.yaml"]


def with_limb(**members: Any) -> Change:
    return lambda law: version(law)["criteria"]["any_of"].append(leaf("new", **members))


def second_version(first_day: str, **members: Any) -> Change:
    def change(law: dict[str, Any]) -> None:
        first = version(law)
        root = {"id": "tiny@2/root", "any_of": [amount("x", 1) | {"id": "tiny@2/x"}]}
        second = {**first, "id": "tiny@2", "effective_from": first_day, "criteria": root, **members}
        first["effective_to"] = "2021-12-31"
        law[TINY]["versions"].append(second)

    return change


def case_with(**expected: Any) -> Change:
    facts = {"money": 50000}
    case = {"id": "T-1", "offence": "tiny", "act_date": "2022-01-01", "facts": facts, "expected": expected}
    return lambda law: law.update({"cases/standards/tiny.yaml": {"cases": [case]}})


def assert_named(change: Change, file: str, path: str, said: str) -> None:
    """Assert that the check names file, key path and fault, in both languages."""
    law = tiny()
    change(law)
    problems = check_standards(written(law))
    named = [problem for problem in problems if (problem.file, problem.path) == (file, path)]
    assert any(said in problem.en for problem in named), [str(problem) for problem in problems]
    assert all(problem.zh and problem.en for problem in problems)

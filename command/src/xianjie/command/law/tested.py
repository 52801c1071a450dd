"""Which test exercises which part of the law: found by running the worked cases and reading the tests.

The ids of the generated tests follow from what they are generated from; the tests hold them against what
pytest collects.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.rows import Version as RowVersion
from xianjie.lawbook.questions.worked_terms import WorkedTerm, read_terms
from xianjie.lawbook.standards.catalogue import Standards, Version
from xianjie.lawbook.standards.judging import Judgement, judge
from xianjie.lawbook.standards.nodes import Comparison, Group, Node, Total
from xianjie.lawbook.standards.parameters import Overlay, Parameter
from xianjie.lawbook.standards.values import Result
from xianjie.lawbook.standards.worked_cases import WorkedCase, read_cases

TERMS = "cases/clocks.yaml"
WORKED_TERMS = "tests/lawbook/test_worked_terms.py::test_every_worked_term_of_the_law_ends_when_it_says"
_GENERATED = "tests/lawbook/test_every_condition.py::"
WORKED = "tests/lawbook/test_standards_cases.py::test_a_worked_case_comes_out_as_the_text_says[{}]"
THRESHOLD = "tests/lawbook/test_thresholds.py::test_every_threshold_flips_exactly_at_its_limit[{}]"
CLOCK = "tests/lawbook/test_every_clock.py::test_every_clock_ends_on_its_day[{}]"
CONDITION = _GENERATED + "test_every_condition_reads_nothing_but_its_fact[{}]"
GROUP = _GENERATED + "test_every_group_combines_its_parts[{}]"
CUMULATION = _GENERATED + "test_every_cumulation_adds_only_the_facts_that_it_names[{}]"
TEXT_MISSING = _GENERATED + "test_a_version_without_text_decides_nothing[{}]"
UNCOUNTED = _GENERATED + "test_a_text_that_gives_no_term_never_runs[{}]"
RANGE = _GENERATED + "test_every_range_decides_outside_its_ends_alone[{}]"
OVERLAY = _GENERATED + "test_every_amount_of_a_province_decides_there[{}]"
CAUSE = _GENERATED + "test_every_cause_speaks_only_on_days_of_what_was_read[{}]"
RELATION = _GENERATED + "test_every_relation_is_told_on_its_days[{}]"
SUSPICION = _GENERATED + "test_every_lower_bar_is_told_where_facts_are_open[{}]"
YEAR = _GENERATED + "test_every_day_of_a_notice_counts_as_it_says[{}]"
STREAM = "tests/transfer/test_cases_by_the_domain.py::test_the_answers_meet_every_demand[{}]"

_RULE_ID = re.compile(r"[a-z]{2,3}\d+_[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Exercise:
    """A worked case that was run.

    Attributes:
        version: the version that was applied; None where none was.
        met, not_met: ids of the conditions that came out so; not met only where the case names their fact.
    """

    case: WorkedCase
    result: Result
    version: str | None
    met: frozenset[str]
    not_met: frozenset[str]

    @property
    def decided(self) -> frozenset[str]:
        """The conditions that the case decides."""
        return self.met | self.not_met


def worked_terms(files: Mapping[str, bytes]) -> tuple[WorkedTerm, ...]:
    """Return the terms of the law that were worked by hand, none where the file is missing.

    Raises:
        LawError: the file breaks its format.
    """
    text = files.get(TERMS)
    return () if text is None else read_terms(text, file=TERMS)


def exercises(standards: Standards, files: Mapping[str, bytes]) -> tuple[Exercise, ...]:
    """Run every worked case of the law.

    Raises:
        LawError: a file of cases breaks its format.
    """
    return tuple(
        _exercised(standards, case)
        for path in sorted(files)
        if path.startswith("cases/standards/") and path.endswith(".yaml")
        for case in read_cases(files[path], file=path, standards=standards)
    )


def _exercised(standards: Standards, case: WorkedCase) -> Exercise:
    judgement = judge(standards, case.given)
    named = {*case.given.facts, *(name for act in case.given.acts for name in act.amounts)}
    met: set[str] = set()
    not_met: set[str] = set()
    for part in _with_readings(judgement):
        for line in part.trace or ():
            if line.result is Result.met:
                met.add(line.node.id)
            elif line.result is Result.not_met and (named & line.facts.keys() or line.node.children):
                not_met.add(line.node.id)
    return Exercise(case, judgement.result, judgement.version, frozenset(met), frozenset(not_met))


def _with_readings(judgement: Judgement) -> Iterator[Judgement]:
    yield judgement
    for reading in judgement.readings:
        yield reading.judgement
    if judgement.also is not None:
        yield judgement.also


def tests_of_node(node: Node, cases: Iterable[str]) -> tuple[str, ...]:
    """Return the tests of a condition: the generated one first, then the worked cases that decide it."""
    if isinstance(node, Comparison | Total):
        generated = THRESHOLD
    else:
        generated = GROUP if isinstance(node, Group) else CONDITION
    return (generated.format(node.id), *(WORKED.format(case) for case in cases))


def tests_of_version(version: Version, cases: Iterable[str]) -> tuple[str, ...]:
    """Return the tests of a version: those of its trees as a whole, then the worked cases judged by it."""
    if version.text_missing:
        return (TEXT_MISSING.format(version.id), *(WORKED.format(case) for case in cases))
    trees = (version.gate, version.criteria, version.bars)
    whole = tuple(tests_of_node(tree, ())[0] for tree in trees if tree is not None)
    return (*whole, *(WORKED.format(case) for case in cases))


def tests_of_text(row: Row, version: RowVersion) -> tuple[str, ...]:
    """Return the generated test of one text of a row, by whether a clock may run under it."""
    runs = version.enabled and version.limit is not None and version.valid_from is not None
    return ((CLOCK if runs else UNCOUNTED).format(text_key(row, version)),)


def overlay_key(parameter: Parameter, overlay: Overlay) -> str:
    """Return what names the amount of one province: `<parameter> <province> <first day>`."""
    return f"{parameter.id} {overlay.province} {overlay.effective_from or 'undated'}"


def text_key(row: Row, version: RowVersion) -> str:
    """Return what names one text of a row: `<row>@<first day>`, `undated` where the day was not obtained."""
    return f"{row.id}@{version.valid_from or 'undated'}"


def tests_of_rules(root: Path, law: Lawbook) -> Mapping[str, tuple[str, ...]]:
    """Return the tests of each detection rule: those that name it, and the streams that expect it.

    Args:
        root: directory of the repository, with `tests/` and `cases/`.
    """
    found: dict[str, list[str]] = {rule: [] for rule in law.rules.by_id}
    for path in sorted((root / "tests" / "transfer").glob("test_*.py")):
        for test, rules in _rules_named(path.read_text(encoding="utf-8")).items():
            for rule in sorted(rules & found.keys()):
                found[rule].append(f"tests/transfer/{path.name}::{test}")
    for path in sorted((root / "cases" / "expected").glob("*.json")):
        for rule in sorted(_rules_expected(path) & found.keys()):
            if law.rules.by_id[rule].enabled:  # what is switched off answers no expectation yet
                found[rule].append(STREAM.format(path.stem))
    return {rule: tuple(tests) for rule, tests in found.items()}


def _rules_named(source: str) -> dict[str, set[str]]:
    """Return the rules that each test function names, by itself or by a constant of its module."""
    module = ast.parse(source)
    constants = dict(_constants(module))
    named: dict[str, set[str]] = {}
    for function in module.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test_"):
            texts = (each.value for each in ast.walk(function) if isinstance(each, ast.Constant))
            names = (each.id for each in ast.walk(function) if isinstance(each, ast.Name))
            words = [text for text in texts if isinstance(text, str)]
            words += [constants[name] for name in names if name in constants]
            named[function.name] = {word for word in words if _RULE_ID.fullmatch(word)}
    return named


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a module gives to texts, one by one or several at once."""
    for statement in module.body:
        if not isinstance(statement, ast.Assign):
            continue
        for target in statement.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
            for name, value in zip(names, values, strict=False):
                if (
                    isinstance(name, ast.Name)
                    and isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                ):
                    yield name.id, value.value


def _rules_expected(path: Path) -> set[str]:
    expected = json.loads(path.read_bytes())
    return {
        finding["rule"]
        for evaluation in expected["evaluations"]
        for finding in evaluation.get("findings") or ()
    }

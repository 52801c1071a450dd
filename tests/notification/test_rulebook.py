"""The rules as files: what is wrong is named with file, line and place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from xianjie.notification.domain.facts import CONDITIONS, LEVELS, RUNGS, FactKind
from xianjie.notification.domain.rules import Role
from xianjie.notification.rulebook import RulesInvalid, load_rules
from xianjie.notification.settings import RULES

GOOD = """\
- id: told
  fact: finding.raised
  when: {level: [breach]}
  to: [concerned, supervisors]
  urgency: urgent
  answer_within: {hours: 72, statutory: false}
  title_zh: "线索：{rule}"
  title_en: "Finding: {rule}"
  body_zh: "案件{subject}。"
  body_en: "Case {subject}."
"""


def faults_of(folder: Path, **files: str) -> tuple[str, ...]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesInvalid) as caught:
        load_rules(folder)
    return caught.value.faults


def test_a_good_rule_is_read_with_everything_it_says(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (rule,) = load_rules(tmp_path)
    assert rule.id == "told"
    assert rule.fact is FactKind.FINDING_RAISED
    assert rule.when == {"level": frozenset({"breach"})}
    assert rule.to == (Role.CONCERNED, Role.SUPERVISORS)
    assert rule.answer_within == timedelta(hours=72)
    assert rule.title.zh == "线索：{rule}"


WRONG = {
    "an unknown member": (
        GOOD + "  colour: red\n",
        ("rules.yaml:11: colour: Extra inputs are not permitted",),
    ),
    "a member that is missing": (
        GOOD.replace('  body_en: "Case {subject}."\n', ""),
        ("rules.yaml:1: body_en: Field required",),
    ),
    "an unknown fact": (
        GOOD.replace("finding.raised", "finding.reviewed"),
        (
            "rules.yaml:2: fact: Input should be 'finding.raised', 'clock.started', 'clock.warned', "
            "'clock.expired' or 'message.unanswered'",
        ),
    ),
    "a condition that the fact does not have": (
        GOOD.replace("level: [breach]", "rung: [80_percent]"),
        ("rules.yaml:3: when.rung: finding.raised has no such condition; it has: level",),
    ),
    "an answer that never occurs": (
        GOOD.replace("[breach]", "[breach, crime]"),
        ("rules.yaml:3: when.level.1: 'crime' never occurs; there are: breach, notice, suspicion",),
    ),
    "an unknown recipient": (
        GOOD.replace("[concerned, supervisors]", "[concerned, mayor]"),
        ("rules.yaml:4: to.1: Input should be 'concerned' or 'supervisors'",),
    ),
    "nobody to tell": (
        GOOD.replace("[concerned, supervisors]", "[]"),
        ("rules.yaml:4: to: List should have at least 1 item after validation, not 0",),
    ),
    "an unknown urgency": (
        GOOD.replace("urgent", "yesterday"),
        ("rules.yaml:5: urgency: Input should be 'routine', 'prompt' or 'urgent'",),
    ),
    "a local target that calls itself statutory": (
        GOOD.replace("statutory: false", "statutory: true"),
        ("rules.yaml:6: answer_within.statutory: Input should be False",),
    ),
    "a local target of no hours": (
        GOOD.replace("hours: 72", "hours: 0"),
        ("rules.yaml:6: answer_within.hours: Input should be greater than or equal to 1",),
    ),
    "a placeholder that the fact does not have": (
        GOOD.replace("Case {subject}.", "Case {suspect}."),
        (
            "rules.yaml:10: body_en: {suspect} is not known for finding.raised; "
            "it has: evidence, level, organ, rule, subject",
        ),
    ),
    "a placeholder that reaches into a value": (
        GOOD.replace("Finding: {rule}", "Finding: {rule.zh}"),
        (
            "rules.yaml:8: title_en: {rule.zh} is not known for finding.raised; "
            "it has: evidence, level, organ, rule, subject",
        ),
    ),
    "a brace that is not closed": (
        GOOD.replace("案件{subject}。", "案件{subject。"),
        ("rules.yaml:9: body_zh: braces do not match: expected '}' before end of string",),
    ),
    "an empty text": (
        GOOD.replace('"线索：{rule}"', '""'),
        ("rules.yaml:7: title_zh: String should have at least 1 character",),
    ),
    "an id twice": (
        GOOD + GOOD,
        ("rules.yaml:11: id: 'told' is the id of an earlier rule",),
    ),
    "a member twice": (
        GOOD + "  urgency: routine\n",
        ("rules.yaml:11: urgency: stands twice",),
    ),
    "an escalation that asks for an answer": (
        GOOD.replace("finding.raised", "message.unanswered")
        .replace("{level: [breach]}", "{urgency: [urgent]}")
        .replace("{rule}", "{title}"),
        ("rules.yaml:6: answer_within: an escalation asks for no answer of its own, or it would never end",),
    ),
    "text that is not YAML": (
        "- id: [told\n",
        ("rules.yaml:2: not YAML: expected ',' or ']', but got '<stream end>'",),
    ),
    "a control character": (
        GOOD.replace("Case", "Ca\x07se"),
        ("rules.yaml:10: not YAML: special characters are not allowed",),
    ),
    "something other than a list": (
        "rules: []\n",
        ("rules.yaml:1: a list of rules is expected",),
    ),
    "an empty file": ("", ("rules.yaml:1: a list of rules is expected",)),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_rules_file_that_is_wrong_is_named_exactly(tmp_path: Path, case: str) -> None:
    text, expected = WRONG[case]
    assert faults_of(tmp_path, rules=text) == expected


def test_all_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        a=GOOD.replace("urgent", "yesterday").replace("[breach]", "[crime]"),
        b=GOOD,
        c=GOOD,
        d="- [",
    )
    assert [fault.split(" ")[0] for fault in faults] == ["a.yaml:5:", "c.yaml:1:", "d.yaml:1:"]


def test_bytes_that_are_not_utf_8_are_named(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_bytes("- id: 期限".encode("gb18030"))
    assert faults_of(tmp_path) == ("rules.yaml: not UTF-8",)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == (f"{tmp_path}: no file *.yaml",)


def test_the_shipped_rules_reach_the_concerned_organ_for_every_level_and_rung() -> None:
    rules = load_rules(RULES)
    for kind, trait, values in (
        (FactKind.FINDING_RAISED, "level", LEVELS),
        (FactKind.CLOCK_WARNED, "rung", RUNGS),
    ):
        reached = {
            value
            for rule in rules
            if rule.fact is kind and Role.CONCERNED in rule.to
            for value in rule.when.get(trait, CONDITIONS[kind][trait])
        }
        assert reached == set(values)


def test_the_shipped_rules_show_supervisors_every_suspicion_breach_expiry_and_silence() -> None:
    to_supervisors = [rule for rule in load_rules(RULES) if Role.SUPERVISORS in rule.to]
    assert {level for rule in to_supervisors for level in rule.when.get("level", ())} == {
        "suspicion",
        "breach",
    }
    assert {FactKind.CLOCK_EXPIRED, FactKind.MESSAGE_UNANSWERED} <= {rule.fact for rule in to_supervisors}

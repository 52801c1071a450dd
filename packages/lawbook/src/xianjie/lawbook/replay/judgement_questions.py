"""A question for a judgement as one value, and its answer.

A question holds everything that the answer depends on besides the law: whoever keeps both can ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xianjie.lawbook.replay.recorded_values import day_of, day_text, exact, plain, said
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.cumulation import Act
from xianjie.lawbook.standards.evaluating import JudgementInput
from xianjie.lawbook.standards.history import Penalty
from xianjie.lawbook.standards.judging import Judgement, judge, judge_over_days
from xianjie.lawbook.standards.statements import Statement


@dataclass(frozen=True, slots=True)
class JudgementQuestion:
    """Do these facts meet the standard of an offence?

    Attributes:
        given: the facts and the days.
        days: first and last possible day of the act, where they are asked for; the first is None where
            nothing bounds it. None: the day of the act in `given`.
    """

    given: JudgementInput
    days: tuple[date | None, date] | None = None

    @classmethod
    def behind(cls, given: JudgementInput, judgement: Judgement) -> JudgementQuestion:
        """Return the question that a judgement answers; it knows over which days it was given."""
        if judgement.readings:
            return cls(given, (judgement.readings[0].first_day, judgement.readings[-1].last_day))
        if judgement.act_day is not None and judgement.act_day != given.act_day:
            return cls(given, (judgement.act_day, judgement.act_day))
        return cls(given)

    def as_json(self) -> dict[str, Any]:
        """Return the question in plain values; what says nothing is left out."""
        given, days = self.given, self.days
        return {
            "offence": given.offence,
            "decision_day": given.decision_day.isoformat(),
            "facts": {name: plain(value) for name, value in given.facts.items()},
        } | said(
            {
                "act_day": day_text(given.act_day),
                "act_days": days and said({"first_day": day_text(days[0]), "last_day": day_text(days[1])}),
                "province": given.province,
                "acts": [act_text(act) for act in given.acts],
                "history": [_penalty_text(penalty) for penalty in given.history],
                "findings": dict(given.findings),
                "searched": sorted(given.searched),
                "closed_world": given.closed_world,
                "statements": {name: each.as_json() for name, each in given.statements.items()},
            }
        )

    @classmethod
    def of_json(cls, written: Mapping[str, Any]) -> JudgementQuestion:
        """Return the question that `as_json` wrote down; raises KeyError, TypeError or ValueError if not."""
        days = written.get("act_days")
        return cls(
            JudgementInput(
                offence=written["offence"],
                act_day=day_of(written.get("act_day")),
                decision_day=date.fromisoformat(written["decision_day"]),
                facts={name: exact(value) for name, value in written["facts"].items()},
                province=written.get("province"),
                acts=tuple(_act(act) for act in written.get("acts", ())),
                history=tuple(_penalty(penalty) for penalty in written.get("history", ())),
                findings=written.get("findings", {}),
                searched=frozenset(written.get("searched", ())),
                closed_world=written.get("closed_world", False),
                statements={
                    name: Statement.of_json(each) for name, each in written.get("statements", {}).items()
                },
            ),
            days and (day_of(days.get("first_day")), date.fromisoformat(days["last_day"])),
        )


def judged(standards: Standards, question: JudgementQuestion) -> Judgement:
    """Return the judgement.

    Raises:
        UnknownOffenceError: the catalogue has no such offence.
        FactError: a value does not fit its fact.
        ValueError: the first possible day of the act lies after the last.
    """
    if question.days is None:
        return judge(standards, question.given)
    return judge_over_days(standards, question.given, *question.days)


def act_text(act: Act) -> dict[str, Any]:
    """Return one of several acts in plain values; what is usual (untreated, prosecutable) is left out."""
    return said(
        {
            "day": day_text(act.day),
            "amounts": {name: plain(value) for name, value in act.amounts.items()},
            "treated": act.treated,
            "not_prosecutable": not act.prosecutable,
            "prosecutable_crime": act.prosecutable_crime,
        }
    ) | ({} if act.punishable is None else {"punishable": act.punishable})


def _act(written: Mapping[str, Any]) -> Act:
    return Act(
        day_of(written.get("day")),
        {name: exact(value) for name, value in written.get("amounts", {}).items()},
        treated=written.get("treated", False),
        prosecutable=not written.get("not_prosecutable", False),
        prosecutable_crime=written.get("prosecutable_crime", False),
        punishable=written.get("punishable"),
    )


def _penalty_text(penalty: Penalty) -> dict[str, Any]:
    return said(
        {
            "kind": penalty.kind,
            "effective_day": day_text(penalty.effective_day),
            "matter": penalty.matter,
        }
    )


def _penalty(written: Mapping[str, Any]) -> Penalty:
    return Penalty(written["kind"], day_of(written.get("effective_day")), written.get("matter", ""))

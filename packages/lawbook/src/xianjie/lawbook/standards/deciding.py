"""The bare answer: whether the facts meet the standard, and nothing about why.

For those who ask about many facts at once. It is the answer of `judging.judge`, on the same path
(`versions.ruled`, `evaluating.evaluate`) without what a judgement gathers for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.evaluating import JudgementInput
from xianjie.lawbook.standards.judging import agreed, offence_of
from xianjie.lawbook.standards.values import ENUMERATED, FULL, OPEN, Bits, Result
from xianjie.lawbook.standards.versions import first_possible_day, ruled, stretches


@dataclass(frozen=True, slots=True)
class Decision:
    """The two results of a judgement: in full, and with discretionary nodes taken as not met."""

    result: Result
    enumerated: Result


_DECISIONS = tuple(Decision(full, listed) for full, listed in zip(FULL, ENUMERATED, strict=True))


def decide(standards: Standards, given: JudgementInput) -> Decision:
    """Return the results that `judge` returns; without a day of the act, over every possible one.

    Raises:
        UnknownOffenceError: the catalogue has no such offence.
        FactError: a value does not fit its fact.
    """
    if given.act_day is None:
        return decide_over_days(standards, given, first_day=None, last_day=given.decision_day)
    governs = ruled(offence_of(standards, given), given, given.act_day).governs
    return _DECISIONS[OPEN if governs is None else governs.root]


def decide_over_days(
    standards: Standards, given: JudgementInput, first_day: date | None, last_day: date
) -> Decision:
    """Return the results that `judge_over_days` returns; arguments and errors as there."""
    offence = offence_of(standards, given)
    first = first_possible_day(offence, last_day) if first_day is None else first_day
    roots: list[Bits] = []
    for start, _ in stretches(offence, given, first, last_day):
        governs = ruled(offence, given, start).governs
        roots.append(OPEN if governs is None else governs.root)
    return Decision(
        agreed([FULL[root] for root in roots], Result.insufficient),
        agreed([ENUMERATED[root] for root in roots], Result.insufficient),
    )

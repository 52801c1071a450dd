"""Which version of a filing standard governs an act.

Source: 高检发释字〔2001〕5号. The version in force when the act was done; where none was, between two
versions, the later one; a later version in force at the decision where it is more favourable to the
suspect. An act before the first catalogued version is no such gap: an older text may have governed, or the
conduct may not have been a crime yet (Criminal Law art. 3 and 12).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from xianjie.lawbook.catalogue import Offence, Version
from xianjie.lawbook.evaluating import Evaluation
from xianjie.lawbook.values import Result


class Basis(StrEnum):
    """Why a version was applied, or why none governs."""

    act_day = "act_day"  # in force on the day of the act
    gap = "gap"  # none was in force then; the next one
    before_first = "before_first"  # the act lies before the first catalogued version
    more_favourable = "more_favourable"  # in force at the decision, and more favourable
    later = "later"  # in force at the decision, shown beside the other
    ended = "ended"  # the last one had ended before the act


_WEIGHT = {Result.not_met: 0, Result.insufficient: 1, Result.met: 2}


def governing(offence: Offence, act_day: date) -> tuple[Basis, Version | None]:
    """Return the version that the day of the act points to, before any comparison with later law."""
    version = offence.version_on(act_day)
    if version is not None:
        return Basis.act_day, version
    if act_day < offence.versions[0].effective_from:
        return Basis.before_first, None
    for later in offence.versions:
        if later.effective_from > act_day:
            return Basis.gap, later
    return Basis.ended, None


def more_favourable(later: Evaluation, earlier: Evaluation) -> bool:
    """Whether the later version gives the suspect more; one without text never does."""
    if later.version.text_missing:
        return False
    return _weight(later) < _weight(earlier)


def _weight(evaluation: Evaluation) -> tuple[int, int]:
    return _WEIGHT[evaluation.result], _WEIGHT[evaluation.enumerated]

"""Detection rules: pure predicates over a case at a moment, one module for each way of failing.

A rule says what it found, or when it would find something if nothing happens until then. It never says
that somebody is guilty. Titles, levels, bases and counter-evidence stand in `law/rules`.
Source: specification of the procedure, section 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..view import CaseView, Found, Later, Outcome, Predicate
from .fined import fp1_penalty_closes_met_case, fp2_value_over_threshold
from .idle import fi3_dormant
from .nontransfer import nt1_met_not_started, nt6_closed_without_assessment, nt17_met_not_acted
from .overdue import overdue
from .recording import lr1_late_recording

PREDICATES: Mapping[str, Predicate] = {
    function.__name__: function
    for function in (
        nt1_met_not_started,
        nt6_closed_without_assessment,
        nt17_met_not_acted,
        fp1_penalty_closes_met_case,
        fp2_value_over_threshold,
        fi3_dormant,
        lr1_late_recording,
    )
}


def detect(view: CaseView) -> Iterator[Outcome]:
    """Yield everything that the enabled rules find in the case at its moment."""
    yield from overdue(view)
    for name, predicate in PREDICATES.items():
        rule = view.law.rules.by_id.get(name)
        if rule is not None and rule.enabled:
            yield from predicate(view)


__all__ = ["PREDICATES", "Found", "Later", "detect"]

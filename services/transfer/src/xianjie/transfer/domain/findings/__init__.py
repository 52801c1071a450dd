"""Detection rules: pure predicates over a case at a moment, one module for each way of failing.

A rule says what it found, or when it would find something if nothing happens until then. It never says
that somebody is guilty. Titles, levels, bases and counter-evidence stand in `law/rules`.
Source: specification of the procedure, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..view import CaseView, Found, Later, Outcome, Predicate
from . import blocked, declared, fined, idle, nontransfer, recording, reverse, steps, twice_fined
from .overdue import overdue

_MODULES = (nontransfer, steps, declared, blocked, fined, twice_fined, idle, reverse, recording)
_NAME = re.compile(r"(nt|bt|fp|fi|rv|lr)\d+_[a-z0-9_]+")

#: Every rule on a case that is a predicate, by its id: the functions of the modules that carry one as name.
PREDICATES: Mapping[str, Predicate] = {
    name: function for module in _MODULES for name, function in vars(module).items() if _NAME.fullmatch(name)
}


def detect(view: CaseView) -> Iterator[Outcome]:
    """Yield everything that the enabled rules find in the case at its moment."""
    yield from overdue(view)
    for name, predicate in PREDICATES.items():
        rule = view.law.rules.by_id.get(name)
        if rule is not None and rule.enabled:
            yield from predicate(view)


__all__ = ["PREDICATES", "Found", "Later", "detect"]

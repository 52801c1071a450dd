"""Which offences conduct of a case may be, by the cause of action under which the agency handles it.

Source: procedure, section 6; the table of causes of the law. A cause names candidates to be tested, never a
finding. Only a basis whose text was read, and that was in force on the day of the conduct, counts, so an
entry from memory raises nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from xianjie.lawbook.procedure.causes import Cause, offences_of

from .facts import CaseFacts
from .history import CaseEvent
from .view import CaseView

_STATES_A_CAUSE = {"admin_case.filed": "violation_type", "penalty.decided": "violation"}


def offences_of_causes(view: CaseView) -> tuple[str, ...]:
    """Return the candidates of the causes under which the case was filed or penalised, the nearest first.

    A cause counts if the agency words it as the table of its sector does, whole, under its name or another
    name of it; an offence counts if some version of its standard was in force on the day.
    """
    found: dict[str, None] = {}
    for name, field in _STATES_A_CAUSE.items():
        for event in view.history.named(name):
            stated = _worded(event.data.get(field) or "")
            for cause in _causes(view, event):
                if stated in {_worded(each) for each in (cause.name_zh, *cause.aliases_zh)}:
                    found |= dict.fromkeys(_candidates(cause, view, event))
    return tuple(found)


def _causes(view: CaseView, event: CaseEvent) -> tuple[Cause, ...]:
    sector = view.organs.sector(event.organ or view.agency)
    return view.law.causes.by_sector.get(sector or "", ())


def _candidates(cause: Cause, view: CaseView, event: CaseEvent) -> Iterator[str]:
    """Yield the offences of the cause that may be meant on every possible day of the conduct."""
    first, last = _days(view, event)
    for offence in offences_of(cause, last):
        versions = view.law.standards.offences[offence]
        if offence in offences_of(cause, first) and versions.version_on(last) is not None:
            yield offence


def _days(view: CaseView, event: CaseEvent) -> tuple[date, date]:
    """Return the first and last day of the conduct; where it is not on record, the day of the act itself."""
    known = view.known_day(event)
    facts = CaseFacts.of(view.history)
    if not facts.conducts:
        return known, known
    first, last = facts.act_days(None, asked=known)
    return first or last, last


def _worded(text: str) -> str:
    """Return a cause of action without what does not tell two apart: width, spaces, the last word 案."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.removesuffix("案")

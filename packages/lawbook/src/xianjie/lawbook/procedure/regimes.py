"""The counting rules of the sources: over which days a last day gives way, and what the road does to a term.

Each source counts for itself: the working days of the penalty law do not reach a regulation of the State
Council. Source: procedure 0.3 and 2.1 to 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Roll = Literal["days_off", "named_holidays", "never"]
Road = Literal["left_out", "documents", "silent"]


@dataclass(frozen=True, slots=True)
class Regime:
    """The counting rule of one source.

    Attributes:
        name: code used in the rows.
        roll: over which days a last day gives way (procedure 2.2 to 2.4).
        source: article of the counting clause.
        road: what the clause says of time on the road and of posting: it leaves the time out and posting in
            time suffices, the same for the service of documents only, or nothing.
    """

    name: str
    roll: Roll
    source: str
    road: Road = "silent"


REGIMES = {
    regime.name: regime
    for regime in (
        Regime("H24", "never", "CPL 105", "left_out"),
        Regime("CPL", "days_off", "CPL 105", "left_out"),
        Regime("CPLM", "days_off", "CPL 105, SPCI 202", "left_out"),
        Regime("ENV", "days_off", "ENV17 38"),
        Regime("WD", "never", "the row itself"),
        Regime("PPLWD", "never", "PPL 85"),
        Regime("R310", "days_off", "CPL 105, PPL 85", "left_out"),
        Regime("SAMR", "days_off", "SAMR 80", "left_out"),
        Regime("AGRI", "days_off", "AGRI 89", "documents"),
        Regime("TRANS", "days_off", "TRANS 17"),
        Regime("CAL", "days_off", "none"),
    )
}

# Working days are written into the row or into its instrument; the rest of the counting clause is the
# instrument's own (procedure 2.1 to 2.4).
_CLAUSES_OF_WORKING_DAYS: Mapping[str, tuple[str, Road]] = {
    "SAMR": ("SAMR 80", "left_out"),
    "AGRI": ("AGRI 89", "documents"),
    "ENV17": ("ENV17 38", "silent"),
    "PPL": ("PPL 85", "silent"),
    "ACL": ("ACL 69", "silent"),
    "JCR": ("JCR 285", "silent"),
}


@lru_cache(maxsize=256)
def counting_rule(regime: str, instrument: str) -> Regime:
    """Return the counting rule of a row of an instrument; raises KeyError for NONE, which counts nothing."""
    rule = REGIMES[regime]
    if regime in {"WD", "PPLWD"} and instrument in _CLAUSES_OF_WORKING_DAYS:
        source, road = _CLAUSES_OF_WORKING_DAYS[instrument]
        return replace(rule, source=source, road=road)
    return rule

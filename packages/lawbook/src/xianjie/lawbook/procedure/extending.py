"""Whether a recorded extension counts.

An extension is valid only if the row allows it, it was approved before the term was over, the rank of the
approver is right, and the total stays within the cap. Source: procedure 6.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xianjie.lawbook.files import naming
from xianjie.lawbook.procedure.counting import Counted, Length, Line, Still
from xianjie.lawbook.procedure.dues import Extension
from xianjie.lawbook.procedure.rows import ExtensionRule

Count = Callable[[Length], Counted]


@dataclass(frozen=True, slots=True)
class Term:
    """A term from its start, as long as it is so far, and how it is counted."""

    start: date
    length: Length
    count: Count
    still: Still
    unused: tuple[ExtensionRule, ...]

    def last(self) -> date:
        """Return the last day of the term so far."""
        return self.count(self.length).last


@dataclass(frozen=True, slots=True)
class Verdict:
    """The term after an extension was judged; unchanged where it does not count."""

    term: Term
    counts: bool
    reason: Line
    grade: str | None = None


def judge(extension: Extension, term: Term, *, generous: bool) -> Verdict:
    """Judge one extension against the term as it stands.

    Args:
        extension: what was recorded.
        term: the term with all earlier extensions that count.
        generous: take the earliest reading of an approval whose day is not known exactly, else the latest.
    """
    longer = _asked_for(extension, term)
    if not term.unused:
        return Verdict(term, False, _NOT_ALLOWED)
    in_force = [rule for rule in term.unused if _in_force(rule, extension, generous=generous)]
    if not in_force:
        return Verdict(term, False, _NOT_YET)
    fitting = [rule for rule in in_force if _allows(rule, extension, longer, term)]
    if not fitting:
        return Verdict(term, False, _TOO_LONG)
    ranked = [rule for rule in fitting if _rank_suffices(rule, extension)]
    if not ranked:
        return Verdict(term, False, _wrong_rank(extension, fitting))
    if not _in_time(extension, term.last(), generous=generous):
        return Verdict(term, False, _too_late(term.last()))
    rule = next((rule for rule in ranked if _within_cap(rule, longer, term)), None)
    if rule is None:
        return Verdict(term, False, _OVER_CAP)
    unused = term.unused if rule.stated_term or rule.to_days else _without(term.unused, rule)
    extended = replace(term, length=longer, unused=unused)
    if extended.last() < term.last():
        return Verdict(term, False, _SHORTER)
    return Verdict(extended, True, _counts(extended.last()), rule.grade)


def _asked_for(extension: Extension, term: Term) -> Length:
    length = term.length
    if extension.to_days is not None:
        return replace(length, months=0, days=extension.to_days)
    if extension.until is not None:
        return Length(days=_running_days(term, extension.until))
    return length.plus(Length(months=extension.by_months or 0, days=extension.by_days or 0))


def _running_days(term: Term, until: date) -> int:
    span = (until - term.start).days
    return sum(not term.still(term.start + timedelta(days=ahead)) for ahead in range(1, span + 1))


def _allows(rule: ExtensionRule, extension: Extension, longer: Length, term: Term) -> bool:
    """Whether the rule reaches as far as the extension asks."""
    if rule.stated_term:
        return True
    reach = replace(term.length, months=0, days=rule.to_days) if rule.to_days else term.length
    reach = reach.plus(Length(months=rule.by_months or 0, days=rule.by_days or 0))
    if extension.until is not None or reach.months != longer.months:
        return term.count(longer).last <= term.count(reach).last
    return longer.days <= reach.days


def _in_force(rule: ExtensionRule, extension: Extension, *, generous: bool) -> bool:
    if rule.valid_from is None:
        return True
    approved = extension.approved
    if generous:
        return approved.last_day is None or rule.valid_from <= approved.last_day
    return approved.first_day is not None and rule.valid_from <= approved.first_day


def _rank_suffices(rule: ExtensionRule, extension: Extension) -> bool:
    return "none" in rule.approver_ranks or extension.approver_rank in rule.approver_ranks


def _in_time(extension: Extension, last: date, *, generous: bool) -> bool:
    approved = extension.approved
    if generous:
        return approved.first_day is None or approved.first_day <= last
    return approved.last_day is not None and approved.last_day <= last


def _within_cap(rule: ExtensionRule, longer: Length, term: Term) -> bool:
    if rule.cap is None:
        return True
    return term.count(longer).last <= term.count(rule.cap.length()).last


def _without(rules: Sequence[ExtensionRule], used: ExtensionRule) -> tuple[ExtensionRule, ...]:
    at = rules.index(used)
    return (*rules[:at], *rules[at + 1 :])


def _counts(last: date) -> Line:
    return Line(f"延长有效，届满日{last}", f"the extension counts: last day {last}")


def _too_late(last: date) -> Line:
    return Line(
        f"延长在{last}期满之后才批准，无效", f"approved after the term was over on {last}: does not count"
    )


def _wrong_rank(extension: Extension, rules: Sequence[ExtensionRule]) -> Line:
    ranks = [_rank(rank) for rank in sorted({rank for rule in rules for rank in rule.approver_ranks})]
    zh, en = _rank(extension.approver_rank)
    return Line(
        f"批准人“{zh}”不符合要求（应为{'、'.join(rank for rank, _ in ranks)}），延长无效",
        f"approved by {en}, but the text asks for {' or '.join(rank for _, rank in ranks)}: does not count",
    )


def _rank(code: str) -> tuple[str, str]:
    return naming.RANKS.get(code, (code, code))


_NOT_ALLOWED = Line(
    "本条期限没有（或者已用完）延长的规定，延长无效", "the row allows no (further) extension: does not count"
)
_NOT_YET = Line(
    "允许延长的规定在批准时尚未施行，延长无效", "the text that allows it was not in force yet: does not count"
)
_TOO_LONG = Line("超出条文允许的延长幅度，延长无效", "longer than the text allows: does not count")
_OVER_CAP = Line("超出最长期限，延长无效", "beyond the longest term that the text allows: does not count")
_SHORTER = Line("所记总期限短于现有期限，不作延长", "shorter than the term as it is: no extension")

"""Whether every number of the law data stands in a text that is cited for it.

Held against the numbers recorded for each cited article, so the texts themselves need not be at hand. A
number that a condition derives from another one (`derived_from`, `scaled_by`) is followed back; what the text
says in other words is declared in `numbers.yaml`; what rests on a text that was never at hand is counted and
listed. No number of the text is needed for the one of a plain sum and for the whole of a sum of shares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from xianjie.lawbook.checking.citation_checking import recorded_numbers
from xianjie.lawbook.checking.cited import Citing, places_of_nodes
from xianjie.lawbook.checking.citing import Citation, listed_places, places, row_places, version_places
from xianjie.lawbook.checking.derivations import Derivation, How
from xianjie.lawbook.files.problems import LawProblem
from xianjie.lawbook.procedure.rows import Limit, Row
from xianjie.lawbook.procedure.rows import Version as RowVersion
from xianjie.lawbook.standards.catalogue import Offence, Standards, Version
from xianjie.lawbook.standards.nodes import AtLeast, Comparison, Node, Total
from xianjie.lawbook.standards.values import Number

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the numbers.

    Attributes:
        stated: how many stand in a cited article.
        derived: how many follow from numbers that do.
        unattested: where a number rests on a text that is not on record, with that number.
        problems: numbers that stand nowhere, and declarations that nothing needs.
    """

    stated: int
    derived: int
    unattested: tuple[tuple[str, Number], ...]
    problems: tuple[LawProblem, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A number of the law data, and the places that should state it.

    `forms` are the ways in which the text may write it (24 months as 2 years); `wider` are the places of the
    whole version, where the limb may be found whose share it is; `factor` says which share.
    """

    file: str
    at: str
    number: Number
    forms: tuple[Fraction, ...]
    places: tuple[Citation, ...]
    wider: tuple[Citation, ...] = ()
    factor: Number | None = None


def check_numbers(law: Citing) -> Checked:
    """Hold every number against the numbers on record for what is cited."""
    standards, clocks, derivations = law.standards, law.clocks, law.derivations
    stated = derived = 0
    unattested: list[tuple[str, Number]] = []
    problems: list[LawProblem] = []
    used: set[tuple[str, Number]] = set()
    for claim in (*_of_standards(standards), *_of_parameters(standards), *_of_clocks(clocks)):
        key = (claim.at, claim.number)
        numbers, unread = recorded_numbers(standards, claim.places)
        if any(form in numbers for form in claim.forms):
            stated += 1
        elif _is_share(claim, standards):
            derived += 1
        elif key in derivations and _holds(derivations[key], claim, standards):
            used.add(key)
            derived += 1
        elif unread:
            unattested.append(key)
        else:
            problems.append(_nowhere(claim))
    for key in derivations.keys() - used:
        problems.append(
            LawProblem(
                "numbers.yaml",
                key[0],
                f"不需要的说明，或者所列数字不在所引条文中：{key[1]}",
                f"not needed, or not stated in the cited articles: {key[1]}",
            )
        )
    return Checked(stated, derived, tuple(unattested), tuple(sorted(problems)))


def _nowhere(claim: _Claim) -> LawProblem:
    cited = "、".join(f"{place.instrument} {place.article}" for place in claim.places)
    return LawProblem(
        claim.file,
        claim.at,
        f"数字 {claim.number} 不在所引条文中（{cited}）",
        f"the number {claim.number} stands in no cited article ({cited})",
    )


def _is_share(claim: _Claim, standards: Standards) -> bool:
    """Whether it is the declared share or multiple of a number on record, and the text states the share."""
    if claim.factor is None:
        return False
    numbers, _ = recorded_numbers(standards, (*claim.places, *claim.wider))
    share = Fraction(claim.factor)
    says_so = any(form in numbers for form in (share, share * 100, 1 / share))
    return says_so and any(form / share in numbers for form in claim.forms)


def _holds(derivation: Derivation, claim: _Claim, standards: Standards) -> bool:
    if derivation.how is How.at_all:
        return True
    numbers, _ = recorded_numbers(standards, (*claim.places, *derivation.also))
    return all(number in numbers for number in derivation.stated)


def _of_standards(standards: Standards) -> Iterator[_Claim]:
    for offence in standards.offences.values():
        for version in offence.versions:
            whole = version_places(version)
            for node, cited in places_of_nodes(version, standards):
                for number, factor in _numbers_of(node):
                    yield _Claim(_file(offence), node.id, number, (Fraction(number),), cited, whole, factor)
                share = _share_of_amount(node)
                if share is not None:
                    forms = (Fraction(share), Fraction(share) * 100)
                    yield _Claim(_file(offence), node.id, share, forms, cited)
            yield from _windows(offence, version, standards)


def _file(offence: Offence) -> str:
    return f"standards/{offence.id}.yaml"


def _numbers_of(node: Node) -> Iterator[tuple[Number, Number | None]]:
    """Yield the numbers of a condition, each with the share that it is of another one."""
    factor = node.wording.scaled_by
    if node.wording.derived_from is not None:
        factor = node.wording.derived_from[1]
    if isinstance(node, AtLeast):
        yield node.needed, None
    if isinstance(node, Comparison | Total):
        number = node.limit.number
        if number is not None and not isinstance(number, date) and not _is_whole(node):
            yield number, factor
    if isinstance(node, Total):
        for _, weight in node.terms:
            if node.kind != "sum":
                yield _plain(1 / weight), None
            elif weight != 1:
                yield _plain(weight), None


def _share_of_amount(node: Node) -> Number | None:
    """Return the share of a provincial amount that a condition asks for, where it is one."""
    if isinstance(node, Comparison | Total) and node.limit.parameter is not None and node.limit.factor != 1:
        return node.limit.factor
    return None


def _is_whole(node: Node) -> bool:
    return isinstance(node, Total) and node.kind == "ratio_sum" and node.limit.number == 1


def _plain(number: Fraction) -> Number:
    if number.denominator == 1:
        return number.numerator
    return Decimal(number.numerator) / Decimal(number.denominator)


def _windows(offence: Offence, version: Version, standards: Standards) -> Iterator[_Claim]:
    """Yield the lengths of time over which acts add up and earlier penalties count."""
    if version.cumulation is not None and version.cumulation.window_months:
        cited = places(version.cumulation.clause, version, standards)
        months = version.cumulation.window_months
        yield _Claim(_file(offence), f"{version.id}.cumulation", months, _of_months(months), cited)
    for years in sorted(
        {fact.history.window_years for fact in version.facts if fact.history} - {None}, key=str
    ):
        assert years is not None
        own = version_places(version)
        clauses = tuple(place for _, cited in places_of_nodes(version, standards) for place in cited)
        yield _Claim(_file(offence), f"{version.id}.history", years, (Fraction(years),), (*own, *clauses))


def _of_parameters(standards: Standards) -> Iterator[_Claim]:
    for parameter in standards.parameters.values():
        name, _, articles = parameter.source.partition(" ")
        cited = listed_places(name, articles)
        for number in (parameter.min, parameter.max):
            yield _Claim("parameters.yaml", parameter.id, number, (Fraction(number),), cited)


def _of_clocks(clocks: Mapping[str, Row]) -> Iterator[_Claim]:
    for row in clocks.values():
        for text in row.versions:
            at, cited = f"{row.id}@{text.valid_from or 'undated'}", row_places(text)
            for limit in _lengths(text):
                yield _Claim(f"clocks/{row.id}.yaml", at, limit.value, _written(limit), cited)
            for rule in text.extensions:
                # An extension that was seen worse than the row rests on another text, which its note names.
                own = cited if rule.grade == text.grade else ()
                for number in (rule.by_days, rule.to_days):
                    if number is not None:
                        yield _Claim(f"clocks/{row.id}.yaml", at, number, (Fraction(number),), own)
                if rule.by_months is not None:
                    yield _Claim(f"clocks/{row.id}.yaml", at, rule.by_months, _of_months(rule.by_months), own)


def _lengths(text: RowVersion) -> Collection[Limit]:
    lengths = (
        text.limit,
        text.aim,
        *(each.limit for each in text.variants),
        *(each.cap for each in text.extensions),
    )
    return tuple(length for length in lengths if length is not None)


def _written(limit: Limit) -> tuple[Fraction, ...]:
    if limit.unit == "month":
        return _of_months(limit.value)
    return (Fraction(limit.value, 2 if limit.unit == "half_month" else 1),)


def _of_months(months: int) -> tuple[Fraction, ...]:
    """Return how a text may write a number of months: in months, and whole years as years."""
    return (Fraction(months), *((Fraction(months, MONTHS),) if months % MONTHS == 0 else ()))

"""What the columns of a file mean: the header row against the facts of the law.

A column that is not known is kept and reported, never guessed. Two columns for one fact, or a unit that is
not the fact's, make the file unusable: a wrong guess there would shift every amount of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from xianjie.lawbook.screening.cells import plain, power_of_unit
from xianjie.lawbook.standards.catalogue import Fact


class Role(StrEnum):
    """What a column is for, beside facts."""

    record = "record"
    organ = "organ"
    sector = "sector"
    cause = "cause"
    act_day = "act_day"
    decision_day = "decision_day"
    province = "province"
    text = "text"


# The header words of each role; of several present for `record` the first one counts, the others are kept.
WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.record: (
        "记录编号", "行政处罚决定书文号", "处罚决定书文号", "决定书文号", "文号", "案件编号", "案号", "编号",
        "序号", "record_id", "id",
    ),
    Role.organ: ("处罚机关", "处罚机关名称", "执法机关", "执法机关名称", "机关", "organ", "agency"),
    Role.sector: ("执法领域", "领域", "sector"),
    Role.cause: ("案由", "行政案由", "违法行为类型", "cause", "cause_of_action"),
    Role.act_day: ("行为日期", "行为日", "违法行为日期", "违法日期", "行为终了日期", "act_date", "act_day"),
    Role.decision_day: (
        "决定日期", "处罚决定日期", "行政处罚决定日期", "作出处罚决定日期", "处罚日期", "decision_date",
        "decision_day",
    ),
    Role.province: ("省份", "省", "省级行政区", "所在省份", "province"),
    Role.text: ("违法事实", "主要违法事实", "违法事实描述", "处罚事实", "案情", "text", "description"),
}  # fmt: skip
_ROLES = {word: role for role, words in WORDS.items() for word in words}
_BRACKETED = re.compile(r"(?P<name>.+?)[(\[](?P<unit>[^()\[\]]+)[)\]]")


class HeaderFault(ValueError):
    """The header row cannot be used; one line for each fault, Chinese and English."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{zh} ({en})" for zh, en in faults))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file.

    Attributes:
        place: from 0.
        header: as the file has it.
        role: None for a column of a fact and for one that is only kept.
        fact: None where it is none.
        unit: the unit that the header states, as written.
        power: power of ten of that unit (万元: 4).
    """

    place: int
    header: str
    role: Role | None = None
    fact: Fact | None = None
    unit: str | None = None
    power: int = 0


@dataclass(frozen=True)
class Layout:
    """The columns of a file; `close` names the fact that an unknown header is close to, by header."""

    columns: tuple[Column, ...]
    close: Mapping[str, str]

    @cached_property
    def facts(self) -> tuple[Column, ...]:
        """The columns of facts."""
        return tuple(column for column in self.columns if column.fact is not None)

    @cached_property
    def kept(self) -> tuple[Column, ...]:
        """The columns that are only carried along."""
        return tuple(column for column in self.columns if column.fact is None and column.role is None)

    @cached_property
    def fact_names(self) -> frozenset[str]:
        """The names of the facts that have a column."""
        return frozenset(column.fact.name for column in self.facts if column.fact is not None)

    def of(self, role: Role) -> Column | None:
        """Return the column of a role."""
        return next((column for column in self.columns if column.role is role), None)


def read_header(headers: Sequence[str], facts: Mapping[str, Fact]) -> Layout:
    """Return what the columns of a file mean.

    Args:
        headers: the header row; facts are named by name or Chinese label, with or without a unit in brackets.
        facts: of the law, by name.

    Raises:
        HeaderFault: two columns mean the same, a unit is not the fact's, or no header says anything.
    """
    labels = Counter(_folded(fact.label_zh) for fact in facts.values())
    by_word = {_folded(fact.label_zh): fact for fact in facts.values() if labels[_folded(fact.label_zh)] == 1}
    by_word |= facts
    faults: list[tuple[str, str]] = []
    columns = [_column(place, header, by_word, faults) for place, header in enumerate(headers)]
    columns = _one_record_column(columns)
    seen: dict[object, str] = {}
    for column in columns:
        meaning: object = column.role if column.fact is None else column.fact.name
        if meaning is not None and meaning in seen:
            faults.append(
                (
                    f"第{column.place + 1}列“{column.header}”与“{seen[meaning]}”含义相同；请只保留一列",
                    f"column {column.place + 1} means the same as {seen[meaning]!r}; keep one of them",
                )
            )
        if meaning is not None:
            seen.setdefault(meaning, column.header)
    if not seen and not faults:
        faults.append(
            (
                "没有一列是已知的：第一行须为表头，写事实的中文名称或代码",
                "no column is known: the first row must be the header with names of facts",
            )
        )
    if faults:
        raise HeaderFault(faults)
    return Layout(tuple(columns), _close(columns, by_word))


def _folded(word: str) -> str:
    return re.sub(r"\s+", "", plain(word))


def _column(place: int, header: str, by_word: Mapping[str, Fact], faults: list[tuple[str, str]]) -> Column:
    said = _folded(header)
    role = _ROLES.get(said) or _ROLES.get(said.lower())
    if role is not None:
        return Column(place, header, role=role)
    if said in by_word:
        return Column(place, header, fact=by_word[said])
    match = _BRACKETED.fullmatch(said)
    if match is None or match["name"] not in by_word:
        return Column(place, header)
    fact = by_word[match["name"]]
    power = power_of_unit(match["unit"], fact)
    if power is None:
        needed = "无单位" if fact.measured_in is None else fact.measured_in.name_zh
        faults.append(
            (
                f"第{place + 1}列“{header}”的单位“{match['unit']}”不是该事实的单位（{needed}）；请换算",
                f"column {place + 1}: the unit is not that of the fact; convert the values and the header",
            )
        )
        return Column(place, header)
    return Column(place, header, fact=fact, unit=match["unit"], power=power)


def _one_record_column(columns: list[Column]) -> list[Column]:
    """Leave the role of the record's id to the column whose word stands first in the list of words."""
    order = {word: place for place, word in enumerate(WORDS[Role.record])}
    named = [column for column in columns if column.role is Role.record]
    named.sort(
        key=lambda column: order.get(_folded(column.header), order.get(_folded(column.header).lower(), 0))
    )
    spare = set(named[1:])
    return [Column(column.place, column.header) if column in spare else column for column in columns]


def _close(columns: Sequence[Column], by_word: Mapping[str, Fact]) -> Mapping[str, str]:
    labels = {_folded(fact.label_zh): fact.label_zh for fact in by_word.values()}
    close: dict[str, str] = {}
    for column in columns:
        if column.role is None and column.fact is None:
            found = get_close_matches(_folded(column.header), labels, n=1)
            if found:
                close[column.header] = labels[found[0]]
    return close

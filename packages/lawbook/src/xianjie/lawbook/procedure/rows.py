"""The statutory steps and their time limits as data: one file per row in `law/clocks/`.

A row is a step of the procedure; a version is the text that governed it from one day to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.procedure.counting import Length, Unit
from xianjie.lawbook.procedure.regimes import Regime, counting_rule

Grade = Literal["read", "excerpt", "secondary", "memory"]
Level = Literal["breach", "suspicion", "notice", "none"]
Kind = Literal["duty", "conditional", "late_only", "right", "permission", "bar", "off", "no_number"]
Bearer = Literal[
    "enforcement_agency",
    "public_security_organ",
    "procuratorate",
    "court",
    "supervision_organ",
    "government",
    "joint_meeting",
    "person",
]
Rank = Literal[
    "none",
    "unit_head",
    "agency_head",
    "collective",
    "next_higher_authority",
    "tax_bureau_head",
    "county_police_head",
    "next_higher_police_head",
    "chief_procurator",
    "next_higher_procuratorate",
    "provincial_procuratorate",
    "next_higher_court",
]
OrganKind = Literal["AG", "PS", "PR", "CT", "JC", "GOV", "JM", "SYS"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Part):
    """A length of time as the source writes it."""

    value: int = Field(ge=1)
    unit: Unit

    def length(self) -> Length:
        """Return the length in months and days; raises ValueError for hours."""
        return Length.of(self.value, self.unit)


class Source(_Part):
    """The article that gives the limit, by the short names of the instruments."""

    instrument: str = Field(min_length=1)
    article: str


class ExtensionRule(_Part):
    """An extension that the row allows.

    Exactly one of by_days, by_months, to_days (total from the start of the term) and stated_term (whatever
    term the approver states) is given. `approver_ranks` are the ranks that suffice; "none" among them:
    nobody needs to approve. `valid_from` is the first day on which an approval may rest on the text that
    allows it, where that text is younger than the row's own; None: the row's own text.
    """

    by_days: int | None = Field(default=None, ge=1)
    by_months: int | None = Field(default=None, ge=1)
    to_days: int | None = Field(default=None, ge=1)
    stated_term: bool = False
    approver_ranks: tuple[Rank, ...] = Field(min_length=1)
    cap: Limit | None = None
    valid_from: date | None = None
    grade: Grade = "read"
    note: str = ""


class Variant(_Part):
    """Another length that the same text gives for a named case, e.g. the fast-track procedure."""

    name: str
    limit: Limit
    when_zh: str
    when_en: str


class Version(_Part):
    """The text of a row from one day to another.

    Attributes:
        valid_from: first day on which terms start under this text; None only where the day was not
            obtained, which keeps the version disabled.
        limit: None where the law gives no number.
        aim: an earlier length that the text names as the ordinary case; passing it is shown, never a breach.
        regime: code of `regimes.REGIMES`, or NONE.
        leaves_out: article by which time is left out of the term where no recorded act of a case suspends it.
        enabled: whether a clock may run; memory and historical texts ship disabled.
        checked_by: name of the person who compared it with the gazette, empty until somebody has.
    """

    valid_from: date | None = None
    valid_to: date | None = None
    limit: Limit | None = None
    aim: Limit | None = None
    regime: str
    extensions: tuple[ExtensionRule, ...] = ()
    variants: tuple[Variant, ...] = ()
    leaves_out: str = ""
    source: Source
    grade: Grade
    enabled: bool
    checked_by: str = ""
    note: str = ""

    def counting_rule(self) -> Regime:
        """Return the counting rule; raises KeyError for NONE, which counts nothing."""
        return counting_rule(self.regime, self.source.instrument)

    def in_case_of(self, variant: str) -> Version:
        """Return this text with the length of a named case; raises KeyError when it names no such case."""
        limits = {each.name: each.limit for each in self.variants}
        return self.model_copy(update={"limit": limits[variant]})

    def governs(self, day: date) -> bool:
        """Whether a term that starts on the day runs under this text."""
        return (
            self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


class Trigger(_Part):
    """An event type that moves the clock.

    Attributes:
        by, when: a field and the values of it for which it does.
        besides: values of other fields for which it does not.
        addressee: kinds of `to_organ` for which it does, empty for any.
        falls_away: it stops the clock without being the act, because the ground of the term is gone.
    """

    type: str
    by: str | None = None
    when: tuple[str, ...] = ()
    besides: Mapping[str, tuple[str, ...]] = {}
    addressee: tuple[OrganKind, ...] = ()
    falls_away: bool = False

    @property
    def name(self) -> str:
        """The type without prefix and version, for example `case.transferred`."""
        return self.type.removeprefix("cn.xianjie.").rpartition(".v")[0]

    def fits(self, data: Mapping[str, Any]) -> bool:
        """Whether an event of this type with this data moves the clock."""
        if self.by is not None and data.get(self.by) not in self.when:
            return False
        if any(data.get(field) in values for field, values in self.besides.items()):
            return False
        to_organ = data.get("to_organ")
        return not self.addressee or (
            to_organ is not None and to_organ.partition("-")[0].upper() in self.addressee
        )


class Events(_Part):
    """What starts, opens, stops, suspends, resumes and extends the clock of a row."""

    starts: tuple[Trigger, ...] = ()
    opens: tuple[Trigger, ...] = ()
    stops: tuple[Trigger, ...] = ()
    suspends: tuple[Trigger, ...] = ()
    resumes: tuple[Trigger, ...] = ()
    extends: tuple[Trigger, ...] = ()


class Applies(_Part):
    """To whom a row applies; an empty list is no restriction.

    Attributes:
        sectors: sectors of the enforcement agency whose case it is.
        categories: category of the case as the police took it over.
        challenged: decision against which a reconsideration is directed
            (`reconsideration.requested.against`).
        emitters: kinds of the organ that asks or reports.
        connected_only: only organs that are connected to the shared platform.
        written_only: only a written request (`consultation.requested.written`).
    """

    sectors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    challenged: tuple[str, ...] = ()
    emitters: tuple[OrganKind, ...] = ()
    connected_only: bool = False
    written_only: bool = False


class LevelWhere(_Part):
    """A level that differs from the row's highest level under a condition named in words."""

    when: Literal["sector_is_environment", "transfer_pending", "reexamination", "police_part"]
    level: Level


class Row(_Part):
    """One step of the procedure with its time limit.

    Attributes:
        bearer: who must act; with `by` "emitter" the organ that emitted the stopping or starting event
            decides.
        highest_level: the highest level that a finding about this row may reach.
        levels: levels that differ under a condition.
        covered_by: named detection rule that reports the row; None: `od_<row>`.
        replaces: the general row that gives way where this one applies.
        beside_general: the replaced row runs on beside it, because this row's text was not read in full.
        earlier_act_counts: an act done before the start of the term has done the duty already.
        custody: whether the person's custody keeps the last day from moving.
    """

    id: str
    title_zh: str
    title_en: str
    bearer: tuple[Bearer, ...] = Field(min_length=1)
    by: Literal["emitter", "addressee"] | None = None
    kind: Kind
    highest_level: Level
    levels: tuple[LevelWhere, ...] = ()
    covered_by: str | None = None
    applies: Applies = Applies()
    replaces: str | None = None
    beside_general: bool = False
    earlier_act_counts: bool = False
    custody: Literal["always", "if_in_custody", "never"] = "never"
    events: Events = Events()
    versions: tuple[Version, ...] = Field(min_length=1)

    @property
    def rule(self) -> str:
        """The detection rule under which a late clock of this row is reported."""
        return self.covered_by or f"od_{self.id}"

    def version_on(self, day: date) -> Version | None:
        """Return the text under which a term that starts on the day runs, None when no text was in force."""
        return next((version for version in self.versions if version.governs(day)), None)

    def name_of(self, version: Version) -> str:
        """Return the name of a text of this row: `<row>@<first day in force>`."""
        return f"{self.id}@{version.valid_from or 'undated'}"

    def level_under(self, version: Version, *conditions: str) -> Level:
        """Return the highest level of a finding about a late clock of this row.

        Args:
            version: the text; one that was not read in full never gives more than suspicion (procedure 0.1,
                6.4).
            conditions: which of the conditions of `levels` hold.
        """
        level = next((each.level for each in self.levels if each.when in conditions), self.highest_level)
        return "suspicion" if level == "breach" and version.grade != "read" else level

    def runs_on(self, day: date) -> bool:
        """Whether a clock of this row may run for a term that starts on the day."""
        version = self.version_on(day)
        return version is not None and version.enabled and version.limit is not None


def load_rows(directory: Path) -> Mapping[str, Row]:
    """Read every `<row>.yaml` of a directory; raises LawError carrying the problems of every file."""
    rows: dict[str, Row] = {}
    problems: list[LawProblem] = []
    for path in sorted(directory.glob("*.yaml")):
        try:
            row = read_row(path.read_bytes(), file=f"clocks/{path.name}")
        except LawError as error:
            problems.extend(error.problems)
        else:
            rows[row.id] = row
    if problems:
        raise LawError(problems)
    return rows


def read_row(text: bytes, *, file: str) -> Row:
    """Return the row in a file; raises LawError naming the key path of every wrong member."""
    try:
        return Row.model_validate(read_yaml(text, file=file))
    except ValidationError as error:
        raise LawError(
            LawProblem(file, _key_path(each["loc"]), "内容不符合格式", each["msg"]) for each in error.errors()
        ) from None


def _key_path(location: Iterable[str | int]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".")

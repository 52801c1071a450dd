"""Values with parts that fields of events hold: time of an act, documents, facts, penalties, terms.

What a single model cannot say with types (a value must fit its precision, a fact has exactly one value) is
checked by the model and stated again in its JSON Schema, so that a vendor's own validator finds it too.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xianjie.contracts import enums
from xianjie.contracts.forms import DATE, INSTANT, MONTH, YEAR, Form
from xianjie.contracts.scalars import (
    AgencyCode,
    CaseId,
    Date,
    Decimal,
    Digest,
    DocumentId,
    EventId,
    Fen,
    Many,
    OffenceId,
    OrAbsent,
    OrganId,
    PartyId,
    RegionCode,
    Source,
    Text,
)

PERSONAL: dict[str, Any] = {"x-personal": True}
"""Marks personal data: kept outside the log leaf under a key per subject."""


class Value(BaseModel):
    """A value that does not change: no coercion, no unknown members."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def wrong(error: str, at: str | None = None, /, **said: Any) -> PydanticCustomError:
    """Return the error of a rule that spans several members.

    Args:
        error: key of the wording in `xianjie.contracts.problems`.
        at: the member to point to; without it the whole value is meant.
        said: what the wording fills in.
    """
    return PydanticCustomError(error, "worded in xianjie.contracts.problems", {"at": at, **said})


def _of_precision(precision: str, form: Form | None) -> dict[str, Any]:
    value: Any = {"type": "string", "pattern": form.pattern} if form else False
    rule: dict[str, Any] = {"properties": {"precision": {"const": precision}, "value": value}}
    return rule | ({"required": ["value"]} if form else {})


class Occurred(Value):
    """When something happened in the world, with the precision with which the source knows it.

    `value` matches `precision` and is absent for `unknown`. A day is never invented: what is known as a
    month stays a month. Source: catalogue of events, section 3.
    """

    FORMS: ClassVar[dict[str, Form | None]] = {
        "instant": INSTANT,
        "day": DATE,
        "month": MONTH,
        "year": YEAR,
        "unknown": None,
    }
    model_config = ConfigDict(
        json_schema_extra={"oneOf": [_of_precision(name, form) for name, form in FORMS.items()]}
    )

    precision: Literal["instant", "day", "month", "year", "unknown"] = Field(title="精度")
    value: OrAbsent[Text] = Field(default=None, title="时间", description="in the form of the precision")
    not_before: OrAbsent[Date] = Field(default=None, title="不早于", description="bound stated or following")
    not_after: OrAbsent[Date] = Field(default=None, title="不晚于", description="bound stated or following")
    text: OrAbsent[Text] = Field(default=None, title="原文", description="original wording, never parsed")

    @model_validator(mode="after")
    def _value_fits_precision(self) -> Self:
        form = self.FORMS[self.precision]
        if form is None:
            if self.value is not None:
                raise wrong("occurred_value_of_unknown", "value")
        elif self.value is None:
            raise wrong("occurred_without_value", "value", precision=self.precision)
        elif not form.accepts(self.value):
            raise wrong("occurred_value_not_precision", "value", precision=self.precision, form=form.name)
        return self


class EventRef(Value):
    """Identity of another event. It may not have arrived yet; that is no error of form."""

    source: Source = Field(title="来源")
    id: EventId = Field(title="编号")


class Document(Value):
    """A document by its digest; the bytes travel apart."""

    id: DocumentId = Field(title="文书编号", description="unique in the case")
    kind: enums.DocKind = Field(title="文书种类")
    title: Text = Field(title="标题")
    digest: Digest = Field(title="摘要")
    number: OrAbsent[Text] = Field(default=None, title="文号")
    media_type: OrAbsent[Text] = Field(default=None, title="媒体类型")
    pages: OrAbsent[int] = Field(default=None, title="页数")
    placeholder: OrAbsent[bool] = Field(
        default=None,
        title="是否占位",
        description="the digest is of the title, because the bytes are not at hand; proves nothing",
    )


class Officer(Value):
    """A person who acted for an organ. Personal data."""

    name: OrAbsent[Text] = Field(default=None, title="姓名", json_schema_extra=PERSONAL)
    role: OrAbsent[Text] = Field(default=None, title="职务", json_schema_extra=PERSONAL)
    certificate_number: OrAbsent[Text] = Field(default=None, title="执法证号", json_schema_extra=PERSONAL)


class Identity(Value):
    """How the party id was made; the number itself never enters an event."""

    method: Literal["hmac-sha-256"] = Field(title="算法")
    key_id: Text = Field(title="密钥编号")
    basis: enums.IdentityBasis = Field(title="依据")


class Conduct(Value):
    """When and where the violation was done."""

    began: OrAbsent[Occurred] = Field(default=None, title="开始")
    ended: OrAbsent[Occurred] = Field(default=None, title="结束")
    region: OrAbsent[RegionCode] = Field(default=None, title="行为地")
    text: OrAbsent[Text] = Field(default=None, title="说明")


class NodeFinding(Value):
    """What a person found on a discretionary node of a standard."""

    node: Text = Field(title="结点")
    value: bool = Field(title="认定")
    reasons: Text = Field(title="理由")


class Item(Value):
    """A thing seized, handed over or kept."""

    item_id: OrAbsent[Text] = Field(default=None, title="物品编号")
    name: Text = Field(title="名称")
    quantity: OrAbsent[Decimal] = Field(default=None, title="数量")
    unit: OrAbsent[Text] = Field(default=None, title="单位")
    features: OrAbsent[Text] = Field(default=None, title="特征")
    location: OrAbsent[Text] = Field(default=None, title="存放地点")
    measure: OrAbsent[EventRef] = Field(
        default=None, title="所属措施", description="the measure that took it"
    )


class PartyPenalty(Value):
    """What one decision imposed on one party."""

    party: PartyId = Field(title="当事人", json_schema_extra=PERSONAL)
    kinds: Many[enums.PenaltyKind] = Field(title="处罚种类")
    fine_fen: OrAbsent[Fen] = Field(default=None, title="罚款额")
    confiscated_fen: OrAbsent[Fen] = Field(default=None, title="没收额")
    detention_days: OrAbsent[int] = Field(default=None, title="拘留日数", json_schema_extra={"x-unit": "day"})
    text: OrAbsent[Text] = Field(default=None, title="原文")


class PartyVerdict(Value):
    """What one judgment said about one defendant."""

    party: PartyId = Field(title="被告", json_schema_extra=PERSONAL)
    verdict: enums.Verdict = Field(title="裁判结果")
    offences: OrAbsent[Many[OffenceId]] = Field(default=None, title="罪名")
    offence_words: OrAbsent[Text] = Field(default=None, title="罪名（原文）")
    imprisonment_months: OrAbsent[int] = Field(
        default=None, title="刑期", json_schema_extra={"x-unit": "month"}
    )
    suspended_months: OrAbsent[int] = Field(
        default=None, title="缓刑考验期", json_schema_extra={"x-unit": "month"}
    )
    criminal_fine_fen: OrAbsent[Fen] = Field(default=None, title="罚金额")
    act_keys: OrAbsent[Many[Text]] = Field(
        default=None, title="行为编号", description="keys of the acts judged, as in penalty.decided"
    )


class AgendaItem(Value):
    """One matter on the agenda of a joint meeting."""

    reason: enums.AgendaReason = Field(title="提请事由")
    case: OrAbsent[CaseId] = Field(default=None, title="案件")
    resolution: OrAbsent[EventRef] = Field(default=None, title="未完成的议定事项")
    finding: OrAbsent[Text] = Field(default=None, title="监督线索")
    organs: Many[OrganId] = Field(title="发言单位")
    text: OrAbsent[Text] = Field(default=None, title="说明")


class SubmissionItem(Value):
    """What intake decided about one event of a submission."""

    event: EventRef = Field(title="事件")
    digest: Digest = Field(title="摘要", description="of the canonical bytes")
    verdict: enums.SubmissionVerdict = Field(title="受理结果")
    errors: OrAbsent[Many[Text]] = Field(default=None, title="错误代码")


class Organ(Value):
    """An organ as the registry knows it."""

    id: OrganId = Field(title="机关编号")
    name: Text = Field(title="名称")
    kind: enums.OrganKind = Field(title="机关类别")
    level: enums.AdministrativeLevel = Field(title="层级")
    region: RegionCode = Field(title="行政区划")
    sector: OrAbsent[AgencyCode] = Field(default=None, title="行业")
    parent: OrAbsent[OrganId] = Field(default=None, title="上级机关")
    connected_from: OrAbsent[Date] = Field(
        default=None,
        title="接入日期",
        description="first day on the shared platform (ENV17 34); absent: not connected",
    )

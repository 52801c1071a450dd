"""Transfer of a suspected crime, side of the police: acceptance, filing, reconsideration, service."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import Many, OffenceId, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, EventRef, Item, Occurred


@event(
    "transfer.received",
    zh="接受移送并签回执",
    en="Transfer accepted, receipt signed",
    region="transfer",
    emitters=("PS",),
    source="R310 7; PSP 171; ENV17 7",
)
class TransferReceived(EventData):
    """Transfer accepted, receipt signed.

    Acceptance is the delivery or signature, even when material is missing.
    """

    transfer: EventRef = Field(title="移送", description="the case.transferred event")
    case_number: OrAbsent[Text] = Field(
        default=None, title="受案登记号", description="case registration form"
    )
    category: OrAbsent[enums.CaseCategory] = Field(
        default=None, title="案件类别", description="chooses the row for the filing decision"
    )
    missing: OrAbsent[Many[enums.DocKind]] = Field(
        default=None, title="缺少的材料", description="what the police found missing on acceptance"
    )


@event(
    "transfer.rejected",
    zh="拒绝接受移送",
    en="Acceptance refused",
    region="transfer",
    emitters=("PS",),
    source="R310 17; PSP 180(2)",
)
class TransferRejected(EventData):
    """Acceptance refused.

    May be recorded by the agency when the police do not: then AG is the emitter and by_organ names the
    police.
    """

    transfer: EventRef = Field(title="移送", description="the case.transferred event")
    reason_kind: enums.RejectionReason = Field(
        title="拒收事由", description="incompleteness is never a lawful ground"
    )
    reasons: OrAbsent[Text] = Field(default=None, title="拒收理由", description="as worded")


@event(
    "supplement.requested",
    zh="要求补正、补充调查",
    en="Supplement requested",
    region="transfer",
    emitters=("PS",),
    source="PSP 180(2); ENV17 8",
)
class SupplementRequested(EventData):
    """Supplement requested."""

    kind: enums.SupplementKind = Field(
        title="种类", description="missing document, extra investigation, expert conclusion"
    )
    items: Many[Text] = Field(
        title="需补正事项", description="each item, so that a second request for the same can be seen"
    )


@event(
    "supplement.supplied",
    zh="补正、补充材料",
    en="Supplement supplied",
    region="transfer",
    emitters=("AG",),
    source="PSP 180(2); ENV17 8",
)
class SupplementSupplied(EventData):
    """Supplement supplied."""

    request: EventRef = Field(title="补正要求", description="the supplement.requested event")
    outcome: enums.SupplementOutcome = Field(title="结果", description="supplied, partly, or impossible")
    reasons: OrAbsent[Text] = Field(
        default=None, title="无法补正说明", description="required when impossible"
    )


@event(
    "forwarding.approved",
    zh="批准移交有管辖权机关",
    en="Forwarding approved",
    region="transfer",
    emitters=("PS",),
    source="PSP 175",
)
class ForwardingApproved(EventData):
    """Forwarding approved.

    The 24 hours of PSP 175 run from this approval; acceptance plus 24 hours is a suspicion only.
    """

    to_organ: OrganId = Field(title="有管辖权机关", description="receiving office")


@event(
    "transfer.forwarded",
    zh="移交有管辖权的公安机关",
    en="Transfer forwarded to the competent police",
    region="transfer",
    emitters=("PS",),
    source="R310 7; PSP 175; ENV17 9(2)",
)
class TransferForwarded(EventData):
    """Transfer forwarded to the competent police."""

    to_organ: OrganId = Field(
        title="有管辖权机关",
        description="receiving office; its own transfer.received restarts the filing decision",
    )
    reasons: OrAbsent[Text] = Field(default=None, title="理由", description="why")
    agency_told: OrAbsent[bool] = Field(
        default=None, title="是否书面告知移送机关", description="duty of R310 7"
    )


@event(
    "transfer.returned",
    zh="不属公安管辖退回",
    en="Transfer returned as outside police functions",
    region="transfer",
    emitters=("PS",),
    source="PSP 180(3); ENV17 9(2)",
)
class TransferReturned(EventData):
    """Transfer returned as outside police functions."""

    competent_organ: OrAbsent[OrganId] = Field(
        default=None, title="应向何机关", description="the other authority"
    )
    reasons: Text = Field(title="理由", description="required in writing")


@event(
    "case.filed",
    zh="刑事立案",
    en="Criminal case filed",
    region="transfer",
    emitters=("PS", "PR"),
    source="R310 8; PSP 178; CPL 112, 115; PRR 563",
)
class CaseFiled(EventData):
    """Criminal case filed.

    PR only for cases that the procuratorate investigates itself.
    """

    origin: enums.FilingOrigin = Field(
        title="立案来源", description="transfer, own discovery, report, order of the procuratorate ..."
    )
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None,
        title="对应的移送或通知",
        description="transfer, filing order or reconsideration it answers",
    )
    case_number: OrAbsent[Text] = Field(default=None, title="刑事案号", description="number")
    offences: OrAbsent[Many[OffenceId]] = Field(
        default=None, title="立案罪名", description="where the catalogue knows it"
    )
    offence_words: OrAbsent[Text] = Field(default=None, title="立案罪名（原文）", description="as worded")
    category: OrAbsent[enums.CaseCategory] = Field(
        default=None, title="案件类别", description="chooses the clocks"
    )


@event(
    "case.declined",
    zh="不予立案",
    en="Criminal filing declined",
    region="transfer",
    emitters=("PS", "PR"),
    source="R310 8; PSP 178, 180(1)",
)
class CaseDeclined(EventData):
    """Criminal filing declined."""

    in_answer_to: OrAbsent[EventRef] = Field(
        default=None, title="对应的移送", description="what was declined"
    )
    ground: enums.DeclineGround = Field(title="不予立案事由", description="ground")
    reasons: OrAbsent[Text] = Field(
        default=None, title="不予立案理由", description="required; missing reasons raise bt7"
    )
    file_returned: OrAbsent[bool] = Field(default=None, title="案卷是否退回", description="duty of R310 8")
    admin_liability: OrAbsent[bool] = Field(
        default=None, title="是否需行政处理", description="stated by the police"
    )


@event(
    "material.handed_over",
    zh="移交涉案物品和材料",
    en="Items and material handed over",
    region="transfer",
    emitters=("AG",),
    source="R310 12; PSP 185; ENV17 10; ACL 21",
)
class MaterialHandedOver(EventData):
    """Items and material handed over."""

    to_organ: OrganId = Field(title="接收机关", description="receiving police")
    items: OrAbsent[Many[Item]] = Field(default=None, title="物品", description="as listed")
    countersigned_by: OrAbsent[OrganId] = Field(
        default=None, title="会签机关", description="list signed by both"
    )
    complete: bool = Field(title="是否移交完毕", description="whether anything is left to hand over")
    kept_by_agency: OrAbsent[Many[Item]] = Field(
        default=None, title="暂由行政机关保管的物品", description="hazardous or special storage, on agreement"
    )


@event(
    "reconsideration.requested",
    zh="提请复议、复核",
    en="Reconsideration or review requested",
    region="transfer",
    emitters=("AG", "PS", "PR"),
    source="R310 9; PSP 179, 181, 294; PRR 379, 565; CPL 180; ENV17 11",
)
class ReconsiderationRequested(EventData):
    """Reconsideration or review requested.

    One pair of events for every challenge the law words as reconsideration or review; `against` and the
    emitter select the row.
    """

    against: EventRef = Field(
        title="所不服的决定",
        description="declined filing, non-prosecution, order to withdraw, correction notice",
    )
    level: enums.ReconsiderationLevel = Field(
        title="层级", description="first reconsideration, review by the higher organ, petition"
    )
    to_organ: OrganId = Field(title="受理机关", description="who decides")
    for_party: OrAbsent[PartyId] = Field(
        default=None,
        title="控告人或被害人",
        description="when the organ registers a request of a person",
        json_schema_extra=PERSONAL,
    )


@event(
    "reconsideration.decided",
    zh="复议、复核决定",
    en="Reconsideration decided",
    region="transfer",
    emitters=("PS", "PR"),
    source="R310 9(2); PSP 179, 181; PRR 379-380, 565; ENV17 11",
)
class ReconsiderationDecided(EventData):
    """Reconsideration decided."""

    request: EventRef = Field(title="复议请求", description="the request")
    outcome: enums.ReconsiderationOutcome = Field(title="决定", description="upheld, changed, filed")
    reasons: OrAbsent[Text] = Field(default=None, title="理由", description="as worded")


@event(
    "notice.served",
    zh="文书送达",
    en="Document served",
    region="transfer",
    emitters=("AG", "PS", "PR", "CT", "JC", "GOV"),
    source="R310 8; PSP 178-189; PRR 561, 563; ENV17 9, 18; CPL 202",
)
class NoticeServed(EventData):
    """Document served.

    occurred is the receipt by the addressee. Sender or addressee may emit it; when both do and differ,
    the platform raises an integrity finding and uses both dates as an interval.
    """

    kind: enums.NoticeKind = Field(title="文书种类", description="selects the clock")
    about: EventRef = Field(title="所送达的决定", description="the decision or request the document carries")
    to_organ: OrAbsent[OrganId] = Field(default=None, title="送达机关", description="addressee, if an organ")
    to_party: OrAbsent[PartyId] = Field(
        default=None, title="送达当事人", description="addressee, if a person", json_schema_extra=PERSONAL
    )
    sent: OrAbsent[Occurred] = Field(
        default=None, title="发出时间", description="posting before expiry is in time (CPL 105)"
    )
    channel: OrAbsent[enums.ServiceChannel] = Field(default=None, title="送达方式", description="how")
    reasons_stated: OrAbsent[bool] = Field(
        default=None, title="是否载明理由", description="for a no-filing notice"
    )
    file_returned: OrAbsent[bool] = Field(
        default=None, title="随附退回案卷", description="for a no-filing notice"
    )

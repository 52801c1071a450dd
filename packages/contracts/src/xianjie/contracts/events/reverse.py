"""Reverse linkage: back to administrative handling after no criminal liability."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import Date, Many, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, EventRef


@event(
    "reverse.transferred",
    zh="反向移送行政处理",
    en="Handed to administrative handling",
    region="reverse",
    emitters=("PS", "CT"),
    source="R310 13; PPL 27(1); PSP 177, 187; ENV17 17; FSL 121(2); DAL 113(2)",
)
class ReverseTransferred(EventData):
    """Handed to administrative handling."""

    following: enums.ReverseFrom = Field(
        title="前置情形", description="declined, withdrawn, exempt, not guilty"
    )
    to_organ: OrganId = Field(title="主管机关", description="competent agency")
    also_to: OrAbsent[Many[OrganId]] = Field(
        default=None, title="同时送", description="procuratorate, supervision organ"
    )
    parties_concerned: OrAbsent[Many[PartyId]] = Field(
        default=None, title="当事人", description="persons and units", json_schema_extra=PERSONAL
    )
    reasons: OrAbsent[Text] = Field(default=None, title="理由", description="why administrative liability")


@event(
    "reverse_review.handed_over",
    zh="内部移送行政检察部门",
    en="File handed to the administrative-prosecution division",
    region="reverse",
    emitters=("PR",),
    source="SPP24",
)
class ReverseReviewHandedOver(EventData):
    """File handed to the administrative-prosecution division."""

    non_prosecution: EventRef = Field(title="不起诉决定", description="the prosecution.declined event")


@event(
    "reverse_review.registered",
    zh="反向衔接审查登记",
    en="Reverse review registered",
    region="reverse",
    emitters=("PR",),
    source="SPP24 12",
)
class ReverseReviewRegistered(EventData):
    """Reverse review registered."""

    non_prosecution: EventRef = Field(title="不起诉决定", description="the prosecution.declined event")


@event(
    "reverse_review.terminated",
    zh="终结审查",
    en="Reverse review terminated",
    region="reverse",
    emitters=("PR",),
    source="SPP24 12-15",
)
class ReverseReviewTerminated(EventData):
    """Reverse review terminated."""

    reason_kind: enums.TerminationReason = Field(title="终结事由", description="reason")
    reasons: Text = Field(title="理由", description="reasons")


@event(
    "penalty_opinion.issued",
    zh="提出行政处罚检察意见",
    en="Opinion to penalise issued",
    region="reverse",
    emitters=("PR",),
    source="CPL 177(3); PRR 373, 375; SPP24",
)
class PenaltyOpinionIssued(EventData):
    """Opinion to penalise issued.

    The two months run from receipt (notice.served).
    """

    to_organ: OrganId = Field(title="主管机关", description="competent agency, may be police")
    non_prosecution: EventRef = Field(title="不起诉决定", description="the decision it goes with")
    parties_concerned: Many[PartyId] = Field(
        title="被不起诉人", description="whom", json_schema_extra=PERSONAL
    )
    reply_due_on: OrAbsent[Date] = Field(
        default=None, title="要求回复期限", description="if shorter than two months"
    )

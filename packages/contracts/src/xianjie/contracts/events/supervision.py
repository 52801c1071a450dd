"""Supervision: filing supervision, instruments, file reviews, leads on officials."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import CaseId, Date, Decimal, Digest, Many, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, EventRef


@event(
    "reply.given",
    zh="书面回复",
    en="Reply given to an instrument",
    region="supervision",
    emitters=("AG", "PS", "PR", "CT", "JC", "GOV", "JM"),
    source="CPL 177(3); SPP21 9; PRR 553; ENV17 14, 24",
)
class ReplyGiven(EventData):
    """Reply given to an instrument."""

    in_answer_to: EventRef = Field(
        title="所回复的文书", description="opinion, suggestion, correction notice, consultation, order"
    )
    content: enums.ReplyContent = Field(title="回复内容", description="result, status only, agrees, declines")
    position: OrAbsent[enums.Position] = Field(
        default=None, title="咨询意见", description="for consultations"
    )
    text: OrAbsent[Text] = Field(default=None, title="回复要点", description="summary")


@event(
    "supervision.suggested",
    zh="建议、申请立案监督",
    en="Supervision suggested",
    region="supervision",
    emitters=("AG", "PR", "JM"),
    source="R310 9; ENV17 12-13; PRR 557-558",
)
class SupervisionSuggested(EventData):
    """Supervision suggested."""

    subject_matter: enums.SupervisionSubject = Field(
        title="监督事项", description="not filed, overdue, wrongly filed, not transferred ..."
    )
    about: OrAbsent[EventRef] = Field(default=None, title="所涉决定", description="decision complained of")
    to_organ: OrganId = Field(title="检察机关", description="procuratorate asked")
    by_party: OrAbsent[PartyId] = Field(
        default=None,
        title="申请人",
        description="when PR or JM registers the application of a person",
        json_schema_extra=PERSONAL,
    )


@event(
    "supervision.opened",
    zh="立案监督受理、启动",
    en="Supervision opened",
    region="supervision",
    emitters=("PR", "JM", "GOV"),
    source="PRR 557-558; R310 14",
)
class SupervisionOpened(EventData):
    """Supervision opened."""

    subject_matter: enums.SupervisionSubject = Field(title="监督事项", description="as above")
    suggestion: OrAbsent[EventRef] = Field(default=None, title="来源建议", description="empty for own motion")
    finding: OrAbsent[EventRef] = Field(
        default=None, title="来源发现", description="finding of the platform that led to it"
    )
    supervised_organ: OrganId = Field(title="被监督机关", description="whom it concerns")


@event(
    "explanation.requested",
    zh="要求说明理由",
    en="Explanation requested",
    region="supervision",
    emitters=("PR",),
    source="PRR 559-562; PSP 182(1); SIX12 18",
)
class ExplanationRequested(EventData):
    """Explanation requested.

    The seven days run from receipt (notice.served).
    """

    kind: enums.ExplanationKind = Field(title="事项", description="why not filed, why overdue, why filed")
    to_organ: OrganId = Field(title="公安机关", description="addressee")
    about: OrAbsent[EventRef] = Field(
        default=None, title="所涉决定", description="decision or transfer in question"
    )


@event(
    "explanation.given",
    zh="说明理由",
    en="Explanation given",
    region="supervision",
    emitters=("PS",),
    source="PRR 560; PSP 182(1)",
)
class ExplanationGiven(EventData):
    """Explanation given."""

    request: EventRef = Field(title="要求", description="the explanation.requested event")
    text: OrAbsent[Text] = Field(default=None, title="理由要点", description="summary")


@event(
    "explanation.accepted",
    zh="理由成立",
    en="Reasons found valid",
    region="supervision",
    emitters=("PR",),
    source="PRR 561(2)",
)
class ExplanationAccepted(EventData):
    """Reasons found valid."""

    explanation: EventRef = Field(title="说明", description="the explanation.given event")


@event(
    "supervision.ordered",
    zh="通知立案、通知撤案",
    en="Filing or withdrawal ordered",
    region="supervision",
    emitters=("PR",),
    source="PRR 561, 563, 565; CPL 113; PSP 182(2)",
)
class SupervisionOrdered(EventData):
    """Filing or withdrawal ordered.

    The fifteen days run from receipt (notice.served).
    """

    order: enums.OrderKind = Field(title="通知内容", description="file or withdraw")
    to_organ: OrganId = Field(title="公安机关", description="addressee")
    about: OrAbsent[EventRef] = Field(
        default=None, title="所涉决定", description="declined filing or filing in question"
    )


@event(
    "supervision.issued",
    zh="监督文书、责令",
    en="Supervisory instrument issued",
    region="supervision",
    emitters=("PR", "JM", "GOV", "AG", "PS"),
    source="PRR 552-554, 564; R310 16-17; ECON17 15(2); SPP23",
)
class SupervisionIssued(EventData):
    """Supervisory instrument issued.

    AG and PS only as vertical superior of the addressee.
    """

    kind: enums.InstrumentKind = Field(
        title="文书种类",
        description=(
            "correction opinion or notice, urging letter, suggestion, report upward, order of "
            "government or superior"
        ),
    )
    to_organ: OrganId = Field(title="对象机关", description="addressee")
    about: OrAbsent[Many[EventRef]] = Field(default=None, title="所涉事件", description="facts it rests on")
    demand: OrAbsent[Text] = Field(default=None, title="要求", description="what is demanded")
    due_on: OrAbsent[Date] = Field(default=None, title="办理期限", description="term in the instrument")
    sanction: OrAbsent[Text] = Field(default=None, title="处分建议", description="demerit or other, if any")


@event(
    "transfer.urged",
    zh="建议移送（检察意见、建议函）",
    en="Procurator urged the transfer",
    region="supervision",
    emitters=("PR",),
    source="PRR 557(3); ENV17 14; SPP21 7",
)
class TransferUrged(EventData):
    """Procurator urged the transfer."""

    form: enums.UrgeForm = Field(title="形式", description="procuratorial opinion, suggestion letter, oral")
    to_organ: OrganId = Field(title="行政执法机关", description="addressee")
    due_on: OrAbsent[Date] = Field(
        default=None,
        title="移送期限",
        description="term in the document; environment: three days from receipt by law",
    )
    offence_words: OrAbsent[Text] = Field(default=None, title="涉嫌罪名", description="as worded")
    finding: OrAbsent[EventRef] = Field(
        default=None, title="来源发现", description="finding of the platform that led to it"
    )


@event(
    "supervision.closed",
    zh="监督办结",
    en="Supervision closed",
    region="supervision",
    emitters=("PR", "JM", "GOV"),
    source="PRR 557-565",
)
class SupervisionClosed(EventData):
    """Supervision closed."""

    opened_by: EventRef = Field(
        title="启动事件", description="supervision.opened, transfer.urged, case.listed ..."
    )
    outcome: enums.SupervisionOutcome = Field(title="结果", description="outcome")


@event(
    "case.listed",
    zh="挂牌督办",
    en="Case listed for supervision",
    region="supervision",
    emitters=("PR", "JM", "GOV", "AG", "PS"),
    source="ENV17 31",
)
class CaseListed(EventData):
    """Case listed for supervision."""

    kind: enums.ListingKind = Field(title="督办种类", description="joint, by superior, campaign")
    campaign: OrAbsent[Text] = Field(default=None, title="专项名称", description="name of the campaign")
    organs: Many[OrganId] = Field(title="被督办机关", description="who must act")
    due_on: OrAbsent[Date] = Field(default=None, title="督办期限", description="term")


@event(
    "file_review.drawn",
    zh="案卷评查抽取",
    en="File review drawn",
    region="supervision",
    emitters=("PR", "JM", "GOV", "AG"),
    source="SAMR supervision rules, file review; R310 14; SUP25",
    subject="review",
)
class FileReviewDrawn(EventData):
    """File review drawn."""

    organ_reviewed: OrganId = Field(title="被评查机关", description="whose files")
    seed: Text = Field(title="随机种子", description="so that the draw can be repeated")
    population_digest: Digest = Field(title="总体摘要", description="digest of the list drawn from")
    cases: Many[CaseId] = Field(title="抽中案件", description="result of the draw")


@event(
    "file_review.completed",
    zh="案卷评查结论",
    en="File review completed",
    region="supervision",
    emitters=("PR", "JM", "GOV", "AG"),
    source="SAMR supervision rules, file review (6)",
    subject="review",
)
class FileReviewCompleted(EventData):
    """File review completed."""

    draw: EventRef = Field(title="抽取", description="the draw")
    case: CaseId = Field(title="案件", description="file reviewed")
    transfer_checked: bool = Field(title="是否审查移送", description="whether suspected crime was looked at")
    should_transfer: OrAbsent[bool] = Field(default=None, title="是否应移送", description="reviewer's view")
    veto_items: OrAbsent[Many[Text]] = Field(
        default=None, title="否决项", description="items that fail the file"
    )
    score: OrAbsent[Decimal] = Field(
        default=None, title="得分", description="by the checklist", json_schema_extra={"x-unit": "point"}
    )


@event(
    "duty_lead.sent",
    zh="移送问题线索",
    en="Lead on officials sent",
    region="supervision",
    emitters=("AG", "PS", "PR", "CT", "JM", "GOV"),
    source="R310 18-19; JC 37; AGRI 11",
)
class DutyLeadSent(EventData):
    """Lead on officials sent.

    Content is shown to nobody but sender and recipient.
    """

    ground: enums.DutyGround = Field(
        title="事由", description="suspected duty crime, or breach of R310 15-17"
    )
    to_organ: OrganId = Field(title="接收机关", description="supervision organ or procuratorate")
    officials: OrAbsent[Many[PartyId]] = Field(
        default=None, title="涉及人员", description="officials concerned", json_schema_extra=PERSONAL
    )
    finding: OrAbsent[EventRef] = Field(
        default=None, title="来源发现", description="confirmed breach it rests on"
    )


@event(
    "duty_lead.handled",
    zh="问题线索办理",
    en="Lead on officials handled",
    region="supervision",
    emitters=("JC", "PR"),
    source="JC 37-38; JC implementing rules 171",
)
class DutyLeadHandled(EventData):
    """Lead on officials handled."""

    lead: OrAbsent[EventRef] = Field(
        default=None,
        title="线索",
        description="the duty_lead.sent event; empty when the organ acted on its own",
    )
    step: enums.DutyStep = Field(
        title="办理情况", description="received, forwarded, returned, case opened, disposed"
    )
    to_organ: OrAbsent[OrganId] = Field(default=None, title="转交机关", description="when forwarded")
    officials: OrAbsent[Many[PartyId]] = Field(
        default=None, title="涉及人员", description="officials concerned", json_schema_extra=PERSONAL
    )

"""Joint meetings, consultations and reports."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import CaseId, Date, Digest, Many, OrAbsent, OrganId, Text
from xianjie.contracts.values import AgendaItem, EventRef


@event(
    "consultation.requested",
    zh="咨询、会商、协助请求",
    en="Consultation or assistance requested",
    region="meeting",
    emitters=("AG", "PS", "PR", "JM"),
    source="ENV17 24-26, 29; PPL 26; SPP21 13; ZBF11 1(2); PRR 256",
)
class ConsultationRequested(EventData):
    """Consultation or assistance requested."""

    to_organs: Many[OrganId] = Field(title="被咨询机关", description="addressees")
    purpose: enums.ConsultationPurpose = Field(
        title="目的", description="criminality, evidence support, assistance elsewhere, police on site ..."
    )
    written: bool = Field(title="是否书面", description="only a written request starts the seven days")
    question: OrAbsent[Text] = Field(default=None, title="问题", description="what is asked")


@event(
    "early_involvement.started",
    zh="提前介入",
    en="Early involvement started",
    region="meeting",
    emitters=("PR", "PS"),
    source="PRR 256; ENV17 26; ZBF11 1(2)",
)
class EarlyInvolvementStarted(EventData):
    """Early involvement started."""

    at_request_of: OrAbsent[OrganId] = Field(
        default=None, title="商请机关", description="empty for own motion"
    )
    opinion: OrAbsent[Text] = Field(
        default=None, title="意见要点", description="opinions on nature, evidence, law"
    )


@event(
    "dispute.raised",
    zh="争议提出",
    en="Dispute between organs raised",
    region="meeting",
    emitters=("AG", "PS", "PR", "JM"),
    source="PPL 25; ENV17 23; PSP 22",
)
class DisputeRaised(EventData):
    """Dispute between organs raised."""

    subject_matter: enums.DisputeSubject = Field(title="争议事项", description="what it is about")
    with_organs: Many[OrganId] = Field(title="争议对方", description="the other side")
    own_position: Text = Field(title="本方意见", description="position")
    decider: OrAbsent[OrganId] = Field(default=None, title="裁决机关", description="who is asked to decide")


@event(
    "dispute.settled",
    zh="争议解决",
    en="Dispute settled",
    region="meeting",
    emitters=("AG", "PS", "PR", "JM", "GOV"),
    source="PPL 25; ENV17 23",
)
class DisputeSettled(EventData):
    """Dispute settled."""

    dispute: EventRef = Field(title="争议", description="the dispute.raised event")
    result: Text = Field(title="结果", description="what was decided")


@event(
    "agenda.set",
    zh="联席会议议程",
    en="Agenda set for a joint meeting",
    region="meeting",
    emitters=("JM", "PR", "GOV"),
    source="ENV17 23",
    subject="meeting",
)
class AgendaSet(EventData):
    """Agenda set for a joint meeting."""

    meeting_on: Date = Field(title="会议日期", description="planned day")
    items: Many[AgendaItem] = Field(
        title="议题", description="case, reason, organs that must speak, finding it comes from"
    )


@event(
    "meeting.convened",
    zh="联席会议召开",
    en="Joint meeting held",
    region="meeting",
    emitters=("JM", "PR", "GOV", "AG", "PS"),
    source="ENV17 23; ZBF11",
    subject="meeting",
)
class MeetingConvened(EventData):
    """Joint meeting held.

    Minutes are attached as a document.
    """

    participants: Many[OrganId] = Field(title="参会单位", description="organs")
    agenda: OrAbsent[EventRef] = Field(default=None, title="议程", description="the agenda")


@event(
    "resolution.adopted",
    zh="会议议定事项",
    en="Resolution adopted",
    region="meeting",
    emitters=("JM", "PR", "GOV"),
    source="ENV17 23",
    subject="meeting",
)
class ResolutionAdopted(EventData):
    """Resolution adopted."""

    meeting: EventRef = Field(title="会议", description="the meeting.convened event")
    owner: OrganId = Field(title="责任单位", description="who must do it")
    text: Text = Field(title="议定内容", description="what")
    due_on: Date = Field(title="完成期限", description="opens a clock, not statutory")
    cases: OrAbsent[Many[CaseId]] = Field(default=None, title="相关案件", description="cases concerned")


@event(
    "resolution.completed",
    zh="议定事项完成",
    en="Resolution completed",
    region="meeting",
    emitters=("JM", "AG", "PS", "PR", "CT", "GOV"),
    source="ENV17 23",
    subject="meeting",
)
class ResolutionCompleted(EventData):
    """Resolution completed."""

    resolution: EventRef = Field(title="议定事项", description="the resolution.adopted event")
    outcome: enums.ResolutionOutcome = Field(title="结果", description="done, partly, dropped")
    text: OrAbsent[Text] = Field(default=None, title="情况", description="how")


@event(
    "report.issued",
    zh="定期报告",
    en="Periodic report issued",
    region="meeting",
    emitters=("JM", "AG", "PS", "PR", "CT"),
    source="WS19; ENV17 35; SUP25 6",
    subject="region",
)
class ReportIssued(EventData):
    """Periodic report issued."""

    kind: enums.ReportKind = Field(title="种类", description="annual, operation summary, statistics")
    from_on: Date = Field(title="期间起", description="first day")
    to_on: Date = Field(title="期间止", description="last day")
    log_size: int = Field(
        title="日志位置",
        description="size of the audit log, so that a later run gives equal figures",
        json_schema_extra={"x-unit": "leaf"},
    )
    figures_digest: Digest = Field(title="数据摘要", description="digest of the figures")

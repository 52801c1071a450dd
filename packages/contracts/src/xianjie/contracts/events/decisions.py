"""What the platform itself decides and does: receipts, judgements, clocks, findings, notices."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.due import Due
from xianjie.contracts.scalars import (
    CaseId,
    Date,
    Decimal,
    Digest,
    Instant,
    Json,
    Many,
    OffenceId,
    OrAbsent,
    OrganId,
    PartyId,
    RowId,
    RuleId,
    Text,
)
from xianjie.contracts.values import PERSONAL, EventRef, Officer, SubmissionItem


@event(
    "submission.received",
    zh="报送受理",
    en="Submission received and judged",
    region="platform",
    emitters=("SYS",),
    source="ENV17 34 (recording duty); platform",
    subject="submission",
)
class SubmissionReceived(EventData):
    """Submission received and judged.

    Accepted items are recorded from this instant; a refused or parked item keeps its arrival instant.
    """

    events: Many[SubmissionItem] = Field(
        title="逐件结果", description="event, digest of canonical bytes, verdict, error codes"
    )
    channel: Text = Field(title="渠道", description="api, stream, file, spreadsheet")


@event(
    "judgement.computed",
    zh="标准判断",
    en="Standard judgement computed",
    region="platform",
    emitters=("SYS",),
    source="R310 3; platform",
)
class JudgementComputed(EventData):
    """Standard judgement computed."""

    offence: OffenceId = Field(title="罪名", description="offence of the catalogue")
    party: OrAbsent[PartyId] = Field(
        default=None, title="当事人", description="absent: all parties together", json_schema_extra=PERSONAL
    )
    version: OrAbsent[Text] = Field(default=None, title="标准版本", description="null when none governs")
    result: enums.JudgementResult = Field(title="结论", description="met, not_met, insufficient")
    enumerated: enums.JudgementResult = Field(
        title="列举项结论", description="discretionary nodes taken as not met"
    )
    deciding: OrAbsent[Many[Text]] = Field(default=None, title="起决定作用的结点", description="node ids")
    missing_facts: OrAbsent[Many[Text]] = Field(
        default=None, title="缺少的事实", description="facts that could change the result"
    )
    law_digest: Digest = Field(title="法律包摘要", description="so that it can be run again")
    declared: OrAbsent[EventRef] = Field(
        default=None, title="对照的机关结论", description="assessment.declared it was compared with"
    )


@event(
    "clock.started",
    zh="期限起算",
    en="Clock started or recomputed",
    region="platform",
    emitters=("SYS",),
    source="procedure sections 1-2",
)
class ClockStarted(EventData):
    """Clock started or recomputed."""

    clock: Text = Field(title="时钟编号", description="row, case and starting event")
    row: RowId = Field(title="期限条目", description="row of the procedure")
    bearer: OrganId = Field(title="义务机关", description="who must act")
    started_by: EventRef = Field(title="起算事件", description="event")
    due: Due = Field(
        title="到期", description="one day or instant, or an interval, or open; with the derivation"
    )
    revision: int = Field(
        title="修订次数",
        description="0 first, then one more for each recalculation",
        json_schema_extra={"x-unit": "count"},
    )
    provisional: bool = Field(title="日历是否暂定", description="next year's calendar not yet published")


@event(
    "clock.warned",
    zh="期限预警",
    en="Clock warning",
    region="platform",
    emitters=("SYS",),
    source="procedure 6.4",
)
class ClockWarned(EventData):
    """Clock warning."""

    clock: Text = Field(title="时钟编号", description="which")
    rung: Text = Field(title="级别", description="50_percent, 80_percent, last_24h, last_4h, due_calendar")


@event(
    "clock.expired",
    zh="期限届满未办",
    en="Clock expired",
    region="platform",
    emitters=("SYS",),
    source="procedure 6.4",
)
class ClockExpired(EventData):
    """Clock expired."""

    clock: Text = Field(title="时钟编号", description="which")
    due_passed: Due = Field(title="已过期限", description="the latest reading of the due day")
    fired_late_by_seconds: int = Field(
        title="触发延迟", description="late firing is itself recorded", json_schema_extra={"x-unit": "second"}
    )


@event(
    "clock.closed",
    zh="期限终结",
    en="Clock closed",
    region="platform",
    emitters=("SYS",),
    source="procedure 6.4",
)
class ClockClosed(EventData):
    """Clock closed."""

    clock: Text = Field(title="时钟编号", description="which")
    state: enums.ClockState = Field(title="结果", description="met, late, withdrawn, superseded")
    closed_by: OrAbsent[EventRef] = Field(
        default=None, title="终结事件", description="event that did the duty"
    )


@event(
    "finding.raised",
    zh="监督线索生成",
    en="Finding raised",
    region="platform",
    emitters=("SYS",),
    source="procedure section 6",
)
class FindingRaised(EventData):
    """Finding raised."""

    finding: Text = Field(title="线索编号", description="rule, case and first evidence")
    rule: RuleId = Field(title="规则", description="rule of procedure section 6")
    level: enums.FindingLevel = Field(title="等级", description="notice, suspicion, breach")
    responsible: OrganId = Field(title="责任机关", description="whom it concerns")
    evidence: Many[EventRef] = Field(title="证据事件", description="events that prove it")
    counter_evidence: OrAbsent[Many[EventRef]] = Field(
        default=None, title="反证", description="what speaks against it"
    )
    confidence: Decimal = Field(title="可信度", description="0 to 1", json_schema_extra={"x-unit": "1"})


@event(
    "finding.closed",
    zh="监督线索自动关闭",
    en="Finding closed by itself",
    region="platform",
    emitters=("SYS",),
    source="procedure section 6",
)
class FindingClosed(EventData):
    """Finding closed by itself."""

    finding: Text = Field(title="线索编号", description="which")
    closed_by: OrAbsent[EventRef] = Field(
        default=None, title="依据", description="event that ended the condition"
    )


@event(
    "finding.reviewed",
    zh="监督线索核查",
    en="Finding reviewed by a person",
    region="platform",
    emitters=("PR", "JM", "GOV"),
    source="procedure section 6",
)
class FindingReviewed(EventData):
    """Finding reviewed by a person.

    Outcomes give the precision of each rule.
    """

    finding: Text = Field(title="线索编号", description="which")
    outcome: enums.FindingOutcome = Field(
        title="核查结论", description="confirmed, refuted, excused, unclear"
    )
    reasons: Text = Field(title="理由", description="required")


@event(
    "notification.sent",
    zh="通知发出",
    en="Notification sent",
    region="platform",
    emitters=("SYS",),
    source="PPL 27(2); ENV17 34",
    subject="notification",
)
class NotificationSent(EventData):
    """Notification sent."""

    to_organ: OrganId = Field(title="接收机关", description="recipient")
    about: EventRef = Field(title="事由", description="event, clock or finding")
    channel: Text = Field(title="渠道", description="inbox, webhook, mail ...")
    must_answer_by: OrAbsent[Instant] = Field(
        default=None, title="应签收时间", description="silence after this is evidence"
    )


@event(
    "notification.settled",
    zh="通知结果",
    en="Notification delivered, read or failed",
    region="platform",
    emitters=("SYS",),
    source="platform",
    subject="notification",
)
class NotificationSettled(EventData):
    """Notification delivered, read or failed."""

    notification: EventRef = Field(title="通知", description="the notification.sent event")
    state: enums.NotificationState = Field(
        title="结果", description="delivered, read, acknowledged, failed, expired"
    )
    by_officer: OrAbsent[Officer] = Field(
        default=None, title="签收人", description="who", json_schema_extra=PERSONAL
    )


@event(
    "access.recorded",
    zh="查阅记录",
    en="Access to case data recorded",
    region="platform",
    emitters=("SYS",),
    source="platform; PPL 50; CPL 54(3)",
    subject="access",
)
class AccessRecorded(EventData):
    """Access to case data recorded."""

    reader_organ: OrganId = Field(title="查阅机关", description="organ of the reader")
    reader: Officer = Field(title="查阅人", description="person", json_schema_extra=PERSONAL)
    kind: enums.AccessKind = Field(title="方式", description="view, list, search, count, export, stream")
    purpose: Text = Field(title="目的", description="stated purpose")
    cases: OrAbsent[Many[CaseId]] = Field(
        default=None, title="涉及案件", description="absent when the digest of a list is given"
    )
    result_digest: OrAbsent[Digest] = Field(
        default=None, title="结果摘要", description="digest of what was shown"
    )


@event(
    "lawbook.activated",
    zh="法律数据、参数启用",
    en="Law bundle or parameter activated",
    region="platform",
    emitters=("SYS",),
    source="platform",
    subject="lawbook",
)
class LawbookActivated(EventData):
    """Law bundle or parameter activated."""

    bundle_digest: Digest = Field(title="法律包摘要", description="standards, clocks, calendars")
    valid_from: Date = Field(title="生效日", description="effective day")
    parameters: OrAbsent[Json] = Field(
        default=None, title="参数", description="local parameters changed, old and new value"
    )
    activated_by: Officer = Field(
        title="启用人", description="rule administrator", json_schema_extra=PERSONAL
    )


@event(
    "subject_key.destroyed",
    zh="个人信息密钥销毁",
    en="Key of personal data destroyed",
    region="platform",
    emitters=("SYS",),
    source="personal information law 47; platform",
    subject="party",
)
class SubjectKeyDestroyed(EventData):
    """Key of personal data destroyed."""

    key_id: Text = Field(title="密钥编号", description="which")
    reason: Text = Field(title="理由", description="legal ground")

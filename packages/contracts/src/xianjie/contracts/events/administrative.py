"""Administrative side: from the lead to the closed case."""

from __future__ import annotations

from typing import Any, Final, Self

from pydantic import ConfigDict, Field, model_validator

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.facts import Fact, Searched
from xianjie.contracts.scalars import Date, Fen, Many, OffenceId, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, Conduct, EventRef, Item, PartyPenalty, wrong

_CONTENT: Final = ("facts", "conduct", "searched", "documents")
_NOT_EMPTY: Final[dict[str, Any]] = {"minItems": 1}


@event(
    "lead.registered",
    zh="线索登记",
    en="Lead registered",
    region="administrative",
    emitters=("AG", "PS", "PR", "JM"),
    source="SAMR 18; AGRI 29; R310 14(2); PPL 54(2)",
)
class LeadRegistered(EventData):
    """Lead registered.

    A report by any person is registered by the organ that receives it; the platform takes no events
    from private persons.
    """

    lead_source: enums.LeadSource = Field(title="线索来源", description="how the organ came to know")
    violation_type: OrAbsent[Text] = Field(
        default=None, title="涉嫌违法类型", description="the agency's own words"
    )
    offences: OrAbsent[Many[OffenceId]] = Field(
        default=None,
        title="可能涉及的罪名",
        description="only where the informant or the sending organ names one",
    )
    informant: OrAbsent[PartyId] = Field(
        default=None,
        title="举报人",
        description="kept apart, shown to nobody but those who need it",
        json_schema_extra=PERSONAL,
    )
    sent_by: OrAbsent[OrganId] = Field(
        default=None, title="移交机关", description="when another organ sent the lead"
    )
    about_organ: OrAbsent[OrganId] = Field(
        default=None, title="被反映机关", description="when the report is that this organ does not transfer"
    )


@event(
    "admin_case.filed",
    zh="行政立案",
    en="Administrative case filed",
    region="administrative",
    emitters=("AG", "PS"),
    source="PPL 54(2); SAMR 19; AGRI 30",
)
class AdminCaseFiled(EventData):
    """Administrative case filed."""

    file_number: Text = Field(
        title="案号", description="the organ's own number, gaps in a series are looked at"
    )
    violation_type: Text = Field(title="案由", description="cause of action")
    offences: OrAbsent[Many[OffenceId]] = Field(
        default=None,
        title="对应罪名",
        description="offences that the cause of action maps to, if the agency names them",
    )
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None, title="依据的文书", description="penalty opinion or reverse transfer that caused it"
    )


@event(
    "admin_case.declined",
    zh="行政不予立案",
    en="Administrative filing declined",
    region="administrative",
    emitters=("AG", "PS"),
    source="SAMR 20; AGRI 31; PPL 76(2)",
)
class AdminCaseDeclined(EventData):
    """Administrative filing declined."""

    reasons: Text = Field(title="不予立案理由", description="reasons as recorded")
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None, title="依据的文书", description="what was declined"
    )


@event(
    "inspection.conducted",
    zh="现场检查、抽样",
    en="Inspection or sampling conducted",
    region="administrative",
    emitters=("AG", "PS"),
    source="PPL 42, 55; ENV17 26; ZBF11 1(2)",
)
class InspectionConducted(EventData):
    """Inspection or sampling conducted.

    Facts found are recorded by evidence.recorded.
    """

    with_organs: OrAbsent[Many[OrganId]] = Field(
        default=None, title="联合检查机关", description="joint enforcement"
    )
    obvious_crime: OrAbsent[bool] = Field(
        default=None, title="现场发现明显涉嫌犯罪", description="starts the duty to call the police at once"
    )


@event(
    "measure.taken",
    zh="采取行政措施",
    en="Administrative measure taken",
    region="administrative",
    emitters=("AG", "PS"),
    source="ACL 22-33; PPL 56; labour inspection orders",
)
class MeasureTaken(EventData):
    """Administrative measure taken."""

    kind: enums.MeasureKind = Field(
        title="措施种类", description="compulsory measure, registration of evidence or order"
    )
    items: OrAbsent[Many[Item]] = Field(
        default=None, title="涉案物品", description="things seized, sealed or registered"
    )
    term_days: OrAbsent[int] = Field(
        default=None,
        title="期限日数",
        description="length stated in the measure, if any",
        json_schema_extra={"x-unit": "see term_unit"},
    )
    term_unit: OrAbsent[enums.TermUnit] = Field(
        default=None, title="期限单位", description="calendar_day, working_day, month"
    )
    comply_by: OrAbsent[Date] = Field(
        default=None, title="责令履行截止日", description="last day set by an order"
    )


@event(
    "measure.ended",
    zh="行政措施终结",
    en="Administrative measure ended",
    region="administrative",
    emitters=("AG", "PS"),
    source="ACL 25-28; PPL 56",
)
class MeasureEnded(EventData):
    """Administrative measure ended."""

    measure: EventRef = Field(title="原措施", description="the measure.taken event")
    how: enums.MeasureEnd = Field(
        title="终结方式", description="released, confiscated, handed over, order complied with or not"
    )
    items: OrAbsent[Many[Item]] = Field(
        default=None, title="涉及物品", description="which items, when not all"
    )


@event(
    "evidence.recorded",
    zh="证据与事实记录",
    en="Evidence and facts recorded",
    region="administrative",
    emitters=("AG", "PS", "PR", "CT"),
    source="PPL 46; R310 4; SAMR 23",
)
class EvidenceRecorded(EventData):
    """Evidence and facts recorded.

    At least one of facts, conduct, searched, documents. A later record of the same fact and party by
    the same organ replaces the earlier one for judging; both stay.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name], "properties": {name: _NOT_EMPTY}} for name in _CONTENT]
        }
    )

    facts: OrAbsent[Many[Fact]] = Field(
        default=None,
        title="事实",
        description=(
            "facts of the standards with value, interval or unknown, and the documents they rest on"
        ),
    )
    conduct: OrAbsent[Conduct] = Field(
        default=None, title="行为期间", description="when the violation began and ended, and where"
    )
    searched: OrAbsent[Many[Searched]] = Field(
        default=None,
        title="已查无的事项",
        description="groups of facts that somebody looked for and did not find",
    )
    inconsistent_with: OrAbsent[Many[EventRef]] = Field(
        default=None,
        title="与之不符的记录",
        description="records that this one contradicts, as far as the organ knows",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(getattr(self, name) for name in _CONTENT):
            raise wrong("evidence_empty")
        return self


@event(
    "penalty.proposed",
    zh="拟处罚（调查终结、告知）",
    en="Penalty proposed",
    region="administrative",
    emitters=("AG", "PS"),
    source="PPL 44, 57, 63-64; SAMR 51, 57",
)
class PenaltyProposed(EventData):
    """Penalty proposed."""

    stage: enums.DocumentStage = Field(
        title="环节", description="investigation report, prior notice or hearing notice"
    )
    proposed: OrAbsent[Text] = Field(default=None, title="拟作处理", description="as worded")
    fine_fen: OrAbsent[Fen] = Field(default=None, title="拟罚款额", description="if stated")
    transfer_considered: OrAbsent[bool] = Field(
        default=None, title="是否审查移送", description="whether legal review looked at a transfer"
    )


@event(
    "penalty.decided",
    zh="行政处罚或不予处罚决定",
    en="Penalty or no-penalty decided",
    region="administrative",
    emitters=("AG", "PS"),
    source="PPL 57, 33, 36, 29, 35; R310 11",
)
class PenaltyDecided(EventData):
    """Penalty or no-penalty decided.

    One event for one decision document. no_penalty_unproven closes nothing by itself.
    """

    outcome: enums.PenaltyOutcome = Field(title="决定结果", description="penalty, or the ground for none")
    decision_number: OrAbsent[Text] = Field(
        default=None, title="决定书文号", description="gaps in the series are looked at"
    )
    per_party: Many[PartyPenalty] = Field(
        title="当事人处罚", description="for each party: kinds, fine and confiscated sum in fen"
    )
    facts: OrAbsent[Many[Fact]] = Field(
        default=None, title="决定书认定的事实", description="metrics that the decision itself states"
    )
    violation: OrAbsent[Text] = Field(default=None, title="认定的违法行为", description="as worded")
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None, title="依据的检察意见或移送", description="set in reverse linkage"
    )
    act_key: OrAbsent[Text] = Field(
        default=None,
        title="行为编号",
        description=(
            "key of the act punished, the same in every record of that act, also of other organs; "
            "two fines with one key on one party are fines for one act"
        ),
    )
    attached_to: OrAbsent[EventRef] = Field(
        default=None,
        title="所附属的处罚决定",
        description="decision that a late surcharge or a daily consecutive fine adds to",
    )


@event(
    "penalty.executed",
    zh="行政处罚执行",
    en="Penalty executed",
    region="administrative",
    emitters=("AG", "PS", "CT"),
    source="PPL 66-74; SPCI 523(2)",
)
class PenaltyExecuted(EventData):
    """Penalty executed.

    Cumulative figures: the latest event for a decision counts.
    """

    decision: EventRef = Field(title="处罚决定", description="the penalty.decided event")
    state: enums.ExecutionState = Field(title="执行状况", description="as of the day stated")
    fine_executed_fen: Fen = Field(title="已执行罚款额", description="cumulative, 0 when nothing was paid")
    detention_days: OrAbsent[int] = Field(
        default=None, title="已执行拘留日数", description="cumulative", json_schema_extra={"x-unit": "day"}
    )


@event(
    "penalty.revised",
    zh="行政处罚变更、撤销",
    en="Penalty revised or revoked",
    region="administrative",
    emitters=("AG", "PS", "CT", "GOV"),
    source="PPL 75; administrative reconsideration and litigation",
)
class PenaltyRevised(EventData):
    """Penalty revised or revoked."""

    decision: EventRef = Field(title="处罚决定", description="the penalty.decided event")
    revoked: bool = Field(title="是否撤销", description="true when nothing remains")
    per_party: OrAbsent[Many[PartyPenalty]] = Field(
        default=None, title="变更后内容", description="what remains"
    )
    revising_organ: OrAbsent[OrganId] = Field(
        default=None, title="作出机关", description="reconsideration organ or court"
    )


@event(
    "admin_case.referred",
    zh="移送其他机关（非涉嫌犯罪移送）",
    en="Administrative case referred elsewhere",
    region="administrative",
    emitters=("AG", "PS"),
    source="SAMR 14, 17; FSR 77; ECO 1102; PPL 25-26",
)
class AdminCaseReferred(EventData):
    """Administrative case referred elsewhere.

    Never counted as a transfer of a suspected crime.
    """

    to_organ: OrganId = Field(title="接收机关", description="receiving organ")
    purpose: enums.ReferralPurpose = Field(
        title="移送事由", description="detention track, other competent agency or tip"
    )


@event(
    "admin_case.resumed",
    zh="恢复行政处理",
    en="Administrative handling resumed",
    region="administrative",
    emitters=("AG", "PS"),
    source="R310 10; ENV17 16(3)",
)
class AdminCaseResumed(EventData):
    """Administrative handling resumed."""

    after: EventRef = Field(
        title="恢复依据", description="no-filing, withdrawal, non-prosecution, acquittal or exemption"
    )


@event(
    "admin_case.closed",
    zh="行政案件结案",
    en="Administrative case closed",
    region="administrative",
    emitters=("AG", "PS"),
    source="SAMR 77; AGRI 84",
)
class AdminCaseClosed(EventData):
    """Administrative case closed."""

    reason: OrAbsent[Text] = Field(default=None, title="结案方式", description="as recorded")

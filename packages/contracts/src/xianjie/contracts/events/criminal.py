"""Criminal side: investigation, prosecution, trial, execution."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.facts import Fact
from xianjie.contracts.scalars import Fen, Many, OffenceId, OrAbsent, OrganId, PartyId, Text
from xianjie.contracts.values import PERSONAL, EventRef, PartyVerdict


@event(
    "jurisdiction.changed",
    zh="管辖变更",
    en="Jurisdiction changed after filing",
    region="criminal",
    emitters=("AG", "PS", "PR", "CT"),
    source="PSP 184; PPL 25; CPL 19, 24-27",
)
class JurisdictionChanged(EventData):
    """Jurisdiction changed after filing.

    Open clocks go on with the new bearer; time already used is shown.
    """

    stage: enums.JurisdictionStage = Field(
        title="阶段", description="administrative, investigation, prosecution, trial"
    )
    from_organ: OrganId = Field(title="原机关", description="until now")
    to_organ: OrganId = Field(title="现机关", description="from now on")
    ground: enums.JurisdictionGround = Field(title="事由", description="ground")


@event(
    "investigation.recorded",
    zh="侦查措施记录",
    en="Investigation step recorded",
    region="criminal",
    emitters=("PS", "PR"),
    source="CPL 115; PSP 191",
)
class InvestigationRecorded(EventData):
    """Investigation step recorded.

    Only that a step happened: content of the investigation stays with the police.
    """

    act: enums.InvestigationAct = Field(title="措施", description="what was done")


@event(
    "coercive_measure.taken",
    zh="采取强制措施",
    en="Coercive measure taken",
    region="criminal",
    emitters=("PS", "PR", "CT"),
    source="CPL 66-100",
)
class CoerciveMeasureTaken(EventData):
    """Coercive measure taken."""

    kind: enums.CoerciveKind = Field(
        title="种类", description="summons, detention, bail, residential surveillance, arrest"
    )
    persons: Many[PartyId] = Field(title="对象", description="persons concerned", json_schema_extra=PERSONAL)


@event(
    "coercive_measure.ended",
    zh="强制措施终结",
    en="Coercive measure ended",
    region="criminal",
    emitters=("PS", "PR", "CT"),
    source="CPL 97-99",
)
class CoerciveMeasureEnded(EventData):
    """Coercive measure ended."""

    measure: OrAbsent[EventRef] = Field(
        default=None, title="原措施", description="the coercive_measure.taken event, if recorded"
    )
    how: enums.CoerciveEnd = Field(title="方式", description="released, changed, expired")
    persons: OrAbsent[Many[PartyId]] = Field(
        default=None, title="对象", description="persons concerned", json_schema_extra=PERSONAL
    )


@event(
    "arrest.requested",
    zh="提请批准逮捕",
    en="Arrest requested",
    region="criminal",
    emitters=("PS",),
    source="CPL 87; ENV17 34(2)",
)
class ArrestRequested(EventData):
    """Arrest requested."""

    persons: Many[PartyId] = Field(title="对象", description="persons concerned", json_schema_extra=PERSONAL)


@event(
    "arrest.decided",
    zh="批准、不批准逮捕",
    en="Arrest decided",
    region="criminal",
    emitters=("PR", "CT"),
    source="CPL 90; ENV17 34(3)",
)
class ArrestDecided(EventData):
    """Arrest decided."""

    approved: bool = Field(title="是否批准", description="outcome")
    persons: Many[PartyId] = Field(title="对象", description="persons concerned", json_schema_extra=PERSONAL)


@event(
    "case.withdrawn",
    zh="撤销案件",
    en="Criminal case withdrawn",
    region="criminal",
    emitters=("PS", "PR"),
    source="CPL 16, 163; PSP 186-189",
)
class CaseWithdrawn(EventData):
    """Criminal case withdrawn."""

    ground: enums.WithdrawalGround = Field(title="撤案事由", description="ground")
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None, title="依据的通知", description="order to withdraw, if any"
    )
    admin_liability: OrAbsent[bool] = Field(
        default=None, title="是否需行政处理", description="stated by the police"
    )


@event(
    "investigation.terminated",
    zh="对部分犯罪嫌疑人终止侦查",
    en="Investigation of one suspect terminated",
    region="criminal",
    emitters=("PS",),
    source="PSP 186(2), 189(2)",
)
class InvestigationTerminated(EventData):
    """Investigation of one suspect terminated."""

    persons: Many[PartyId] = Field(
        title="对象", description="suspects who leave the case; the case goes on", json_schema_extra=PERSONAL
    )
    ground: enums.TerminationGround = Field(title="事由", description="ground")


@event(
    "prosecution.requested",
    zh="移送审查起诉",
    en="Sent for prosecution",
    region="criminal",
    emitters=("PS", "PR", "JC"),
    source="CPL 162; PSP 289",
)
class ProsecutionRequested(EventData):
    """Sent for prosecution."""

    suspects: Many[PartyId] = Field(
        title="被移送人", description="persons and units sent", json_schema_extra=PERSONAL
    )
    to_organ: OrganId = Field(title="接收检察院", description="procuratorate")
    offence_words: OrAbsent[Text] = Field(default=None, title="起诉意见书罪名", description="as worded")
    round: int = Field(
        title="次数",
        description="1, or 2 and 3 after supplementary investigation",
        json_schema_extra={"x-unit": "count"},
    )


@event(
    "prosecution.returned",
    zh="退回补充侦查",
    en="Returned for supplementary investigation",
    region="criminal",
    emitters=("PR",),
    source="CPL 175; PRR 346",
)
class ProsecutionReturned(EventData):
    """Returned for supplementary investigation."""

    round: int = Field(title="第几次退查", description="at most 2", json_schema_extra={"x-unit": "count"})


@event(
    "prosecution.instituted",
    zh="提起公诉",
    en="Prosecution instituted",
    region="criminal",
    emitters=("PR",),
    source="CPL 176; PRR 358",
)
class ProsecutionInstituted(EventData):
    """Prosecution instituted."""

    defendants: Many[PartyId] = Field(
        title="被告", description="persons and units", json_schema_extra=PERSONAL
    )
    to_court: OrganId = Field(title="受诉法院", description="court")
    offences: OrAbsent[Many[OffenceId]] = Field(
        default=None, title="起诉罪名", description="where the catalogue knows it"
    )
    offence_words: OrAbsent[Text] = Field(default=None, title="起诉罪名（原文）", description="as worded")


@event(
    "prosecution.declined",
    zh="不起诉",
    en="Not prosecuted",
    region="criminal",
    emitters=("PR",),
    source="CPL 16, 175, 177, 282; PRR 365-373",
)
class ProsecutionDeclined(EventData):
    """Not prosecuted.

    Opens the reverse region for each party named.
    """

    ground: enums.NonProsecutionType = Field(
        title="种类", description="statutory, discretionary, insufficient evidence, conditional"
    )
    parties_spared: Many[PartyId] = Field(
        title="被不起诉人", description="persons and units", json_schema_extra=PERSONAL
    )
    penalty_needed: OrAbsent[bool] = Field(
        default=None, title="是否需要行政处罚", description="if already judged"
    )


@event(
    "trial.opened",
    zh="法院受理、开庭",
    en="Court accepted or heard the case",
    region="criminal",
    emitters=("CT",),
    source="CPL 186-187, 234; SPCI 219",
)
class TrialOpened(EventData):
    """Court accepted or heard the case."""

    stage: enums.TrialStage = Field(title="阶段", description="only 'accepted' starts the trial term")
    instance: enums.Instance = Field(title="审级", description="first, second, retrial")
    procedure: enums.TrialProcedure = Field(title="程序", description="selects the term")


@event(
    "judgment.rendered",
    zh="判决、裁定",
    en="Judgment or ruling rendered",
    region="criminal",
    emitters=("CT",),
    source="CPL 200, 236; SPCI 523",
)
class JudgmentRendered(EventData):
    """Judgment or ruling rendered."""

    instance: enums.Instance = Field(title="审级", description="first, second, retrial")
    per_party: Many[PartyVerdict] = Field(
        title="各被告结果",
        description="verdict, offences, term in months, criminal fine in fen",
        json_schema_extra=PERSONAL,
    )
    facts: OrAbsent[Many[Fact]] = Field(
        default=None, title="判决认定的事实", description="metrics as found by the court"
    )


@event(
    "judgment.appealed",
    zh="上诉、抗诉",
    en="Judgment appealed or protested",
    region="criminal",
    emitters=("CT", "PR"),
    source="CPL 227-232",
)
class JudgmentAppealed(EventData):
    """Judgment appealed or protested."""

    judgment: EventRef = Field(title="判决", description="the judgment.rendered event")
    protest: bool = Field(title="是否抗诉", description="true when by the procuratorate")


@event(
    "judgment.finalized",
    zh="判决生效",
    en="Judgment took effect",
    region="criminal",
    emitters=("CT",),
    source="CPL 259; SPCI 523",
)
class JudgmentFinalized(EventData):
    """Judgment took effect."""

    judgment: EventRef = Field(title="判决", description="the judgment that took effect")


@event(
    "fine.offset",
    zh="罚款、拘留折抵",
    en="Administrative fine or detention offset",
    region="criminal",
    emitters=("CT",),
    source="PPL 35; SPCI 523(2); R310 11(3); ECO 1058(2)",
)
class FineOffset(EventData):
    """Administrative fine or detention offset."""

    kind: enums.OffsetKind = Field(title="种类", description="fine or detention")
    judgment: EventRef = Field(title="判决", description="where it was ordered")
    penalty: EventRef = Field(title="行政处罚", description="decision that is offset")
    party: PartyId = Field(title="当事人", description="same party, same facts", json_schema_extra=PERSONAL)
    executed_fen: OrAbsent[Fen] = Field(
        default=None, title="已执行行政罚款", description="only the executed part counts"
    )
    offset_fen: OrAbsent[Fen] = Field(
        default=None, title="折抵罚金额", description="min(executed fine, criminal fine)"
    )
    days: OrAbsent[int] = Field(
        default=None, title="折抵日数", description="for detention", json_schema_extra={"x-unit": "day"}
    )


@event(
    "sentence.executed",
    zh="刑罚执行",
    en="Sentence executed",
    region="criminal",
    emitters=("CT", "PS"),
    source="SPC fines rules 2000 art. 5; CPL 271",
)
class SentenceExecuted(EventData):
    """Sentence executed."""

    judgment: EventRef = Field(title="判决", description="the judgment")
    item: enums.SentenceItem = Field(title="项目", description="what was executed")
    amount_fen: OrAbsent[Fen] = Field(default=None, title="已执行金额", description="cumulative, for a fine")

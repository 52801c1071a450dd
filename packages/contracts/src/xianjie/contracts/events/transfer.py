"""Transfer of a suspected crime, side of the agency: assessment, decision, sending."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import Many, OffenceId, OrAbsent, OrganId, Text
from xianjie.contracts.values import PERSONAL, EventRef, Item, NodeFinding, Officer


@event(
    "assessment.declared",
    zh="移送标准研判结论",
    en="Standard assessment declared",
    region="transfer",
    emitters=("AG", "PS"),
    source="R310 3; PPL 27, 57(1)(4)",
)
class AssessmentDeclared(EventData):
    """Standard assessment declared.

    Repeatable; the last one counts, earlier ones stay. reasonable_suspicion is for intellectual-
    property cases (R310 3(2)).
    """

    offence: OffenceId = Field(title="罪名", description="offence of the catalogue")
    version: OrAbsent[Text] = Field(
        default=None, title="标准版本", description="version the agency used, if it says"
    )
    result: enums.AssessmentResult = Field(title="结论", description="the agency's own conclusion")
    node_findings: OrAbsent[Many[NodeFinding]] = Field(
        default=None, title="裁量结点认定", description="human findings on discretionary nodes with reasons"
    )
    evidence: OrAbsent[Many[EventRef]] = Field(
        default=None, title="依据的证据记录", description="what the conclusion rests on"
    )
    opinion_from: OrAbsent[Many[OrganId]] = Field(
        default=None, title="参考意见机关", description="consulted organs"
    )


@event(
    "liability.excluded",
    zh="不追究刑事责任情形认定",
    en="Criminal liability excluded",
    region="transfer",
    emitters=("AG", "PS"),
    source="CPL 16; tax interpretation 2024 art. 3",
)
class LiabilityExcluded(EventData):
    """Criminal liability excluded.

    The standard is met but no criminal liability is due; the latest assessment no longer counts as met
    for these parties.
    """

    offence: OrAbsent[OffenceId] = Field(default=None, title="罪名", description="absent: all")
    ground: enums.ExclusionGround = Field(
        title="事由", description="death, limitation, amnesty, tax paid up after the notice ..."
    )
    evidence: OrAbsent[Many[EventRef]] = Field(
        default=None, title="依据的证据记录", description="what it rests on"
    )


@event(
    "team.designated",
    zh="指定专案组",
    en="Special team designated",
    region="transfer",
    emitters=("AG",),
    source="R310 5(1)",
)
class TeamDesignated(EventData):
    """Special team designated."""

    team: Many[Officer] = Field(
        title="专案组人员",
        description="the law wants at least two; fewer are a finding, not an error of form",
        json_schema_extra=PERSONAL,
    )


@event(
    "transfer.reported",
    zh="提交移送书面报告",
    en="Transfer report submitted to the head",
    region="transfer",
    emitters=("AG",),
    source="R310 5(1)-(2)",
)
class TransferReported(EventData):
    """Transfer report submitted to the head.

    occurred is when the head received it: the three days run from there.
    """

    to_head: OrAbsent[Officer] = Field(
        default=None,
        title="报告接收人",
        description="principal or acting head, with the role",
        json_schema_extra=PERSONAL,
    )


@event(
    "transfer.approved",
    zh="批准移送",
    en="Transfer approved",
    region="transfer",
    emitters=("AG",),
    source="R310 5(2)",
)
class TransferApproved(EventData):
    """Transfer approved.

    occurred should be an instant: 24 hours run from there.
    """

    approver: OrAbsent[Officer] = Field(
        default=None, title="批准人", description="person", json_schema_extra=PERSONAL
    )
    approver_role: enums.ApproverRole = Field(
        title="批准人职务",
        description=(
            "principal or acting head under R310; head of the organ for environment; bureau head for tax"
        ),
    )


@event(
    "transfer.refused",
    zh="不批准移送",
    en="Transfer refused by the head",
    region="transfer",
    emitters=("AG",),
    source="R310 5(2); PRR 557(3)",
)
class TransferRefused(EventData):
    """Transfer refused by the head."""

    approver: OrAbsent[Officer] = Field(
        default=None, title="决定人", description="person", json_schema_extra=PERSONAL
    )
    approver_role: enums.ApproverRole = Field(title="决定人职务", description="as for approval")
    reasons: OrAbsent[Text] = Field(
        default=None,
        title="不批准理由",
        description="must be recorded in the file; missing reasons are a finding, not an error of form",
    )
    in_answer_to: OrAbsent[EventRef] = Field(
        default=None,
        title="所答复的意见",
        description="when it refuses a procuratorial opinion or suggestion",
    )


@event(
    "case.transferred",
    zh="移送涉嫌犯罪案件",
    en="Case transferred to the police",
    region="transfer",
    emitters=("AG",),
    source="R310 5(2), 6, 11; ENV17 6; TAX 48",
)
class CaseTransferred(EventData):
    """Case transferred to the police.

    The letter states suspected crime and basis: for the fold it stands as an assessment 'met' when none
    was declared.
    """

    to_organ: OrganId = Field(title="接收公安机关", description="same level as the agency")
    letter_number: OrAbsent[Text] = Field(
        default=None, title="移送书文号", description="number of the transfer letter"
    )
    offences: OrAbsent[Many[OffenceId]] = Field(
        default=None, title="涉嫌罪名", description="as in the letter, where the catalogue knows it"
    )
    offence_words: OrAbsent[Text] = Field(
        default=None, title="移送书所列罪名", description="as in the letter"
    )
    ground: enums.TransferGround = Field(title="移送事由", description="why")
    penalties: OrAbsent[Many[EventRef]] = Field(
        default=None, title="移送前的处罚决定", description="the letter must carry any penalty decision"
    )
    copied_to: OrAbsent[Many[OrganId]] = Field(
        default=None, title="抄送机关", description="procuratorate that got a copy with the transfer"
    )
    items: OrAbsent[Many[Item]] = Field(
        default=None, title="随案物品", description="listed with place of storage"
    )
    missing: OrAbsent[Many[enums.DocKind]] = Field(
        default=None, title="缺少的材料", description="classes of art. 6 that the agency knows to be missing"
    )

"""Records about parties, cases, periods and earlier events."""

from __future__ import annotations

from pydantic import Field

from xianjie.contracts import enums
from xianjie.contracts.declaration import EventData, event
from xianjie.contracts.scalars import CaseId, Date, Json, Many, OrAbsent, OrganId, PartyId, RowId, Text
from xianjie.contracts.values import PERSONAL, EventRef, Identity, Organ


@event(
    "period.extended",
    zh="延长期限",
    en="Period extended",
    region="platform",
    emitters=("AG", "PS", "PR", "CT"),
    source="SAMR 18, 64; AGRI 29, 58; ENV17 9(1); ECON17 16; CPL 156-159, 172; SPP24 12",
)
class PeriodExtended(EventData):
    """Period extended.

    Valid only if the row allows it, it was approved (occurred) before expiry, the rank is right and the
    cap is kept; otherwise it is kept and ignored.
    """

    row: RowId = Field(title="期限条目", description="row of the procedure")
    by_days: OrAbsent[int] = Field(
        default=None,
        title="延长日数",
        description="one of by_days, by_months, to_days, until",
        json_schema_extra={"x-unit": "day"},
    )
    by_months: OrAbsent[int] = Field(
        default=None, title="延长月数", description="months", json_schema_extra={"x-unit": "month"}
    )
    to_days: OrAbsent[int] = Field(
        default=None,
        title="总日数",
        description=(
            "total length of the term counted from its own start, where the text speaks of totals "
            "(ENV17 9, ECON17 16)"
        ),
    )
    until: OrAbsent[Date] = Field(default=None, title="延长至", description="for 'a stated term'")
    approver_rank: Text = Field(
        title="批准人职级",
        description=(
            "checked against the row; words in use: none (no approval needed), unit_head, "
            "agency_head, collective, next_higher_authority, tax_bureau_head, county_police_head, "
            "next_higher_police_head, chief_procurator, next_higher_procuratorate, "
            "provincial_procuratorate, next_higher_court"
        ),
    )
    ground: enums.PeriodGround = Field(title="事由", description="ground")


@event(
    "period.suspended",
    zh="期限中止、扣除",
    en="Period suspended or excluded",
    region="platform",
    emitters=("AG", "PS", "PR", "CT"),
    source="SAMR 64; ACL 25; TAX 47; SPP24 13; ENV17 16(2)",
)
class PeriodSuspended(EventData):
    """Period suspended or excluded."""

    row: RowId = Field(title="期限条目", description="row of the procedure")
    ground: enums.PeriodGround = Field(title="事由", description="ground")


@event(
    "period.resumed",
    zh="期限恢复",
    en="Period resumed",
    region="platform",
    emitters=("AG", "PS", "PR", "CT"),
    source="SAMR 64; SPP24 13; TAX 47",
)
class PeriodResumed(EventData):
    """Period resumed."""

    suspension: EventRef = Field(title="中止记录", description="the period.suspended event")


@event(
    "party.identified",
    zh="当事人登记",
    en="Party identified in the case",
    region="platform",
    emitters=("AG", "PS", "PR", "CT", "JC"),
    source="R310 6 (suspect's particulars); PSP 171",
)
class PartyIdentified(EventData):
    """Party identified in the case.

    Sent again when role or status changes; the last one counts, earlier ones stay.
    """

    party: PartyId = Field(title="当事人编号", description="identity used everywhere else")
    kind: enums.PartyKind = Field(title="类型", description="natural person or unit")
    identity: Identity = Field(
        title="身份摘要", description="keyed digest of ID number or credit code; never the number itself"
    )
    name: OrAbsent[Text] = Field(
        default=None,
        title="姓名或名称",
        description="personal data, kept outside the log leaf",
        json_schema_extra=PERSONAL,
    )
    aliases: OrAbsent[Many[Text]] = Field(
        default=None, title="曾用名、别名", description="personal data", json_schema_extra=PERSONAL
    )
    role: enums.PartyRole = Field(title="案中身份", description="role in this case")
    public_official: OrAbsent[bool] = Field(
        default=None, title="是否公职人员", description="decides the duty-crime branch"
    )
    status: OrAbsent[enums.PartyStatus] = Field(
        default=None, title="状态", description="active, deceased, dissolved, fugitive"
    )
    replaces: OrAbsent[PartyId] = Field(
        default=None,
        title="更换的当事人",
        description="when the suspect of the transfer letter turns out to be another person",
    )
    represents: OrAbsent[PartyId] = Field(
        default=None, title="所属单位", description="unit whose head or employee this is"
    )


@event(
    "party.merged",
    zh="当事人合并确认",
    en="Identities merged by a person",
    region="platform",
    emitters=("AG", "PS", "PR", "JM"),
    source="platform",
    subject="party",
)
class PartyMerged(EventData):
    """Identities merged by a person."""

    surviving_party: PartyId = Field(title="并入", description="identity that stays")
    merged_party: PartyId = Field(title="被并入", description="identity that ends")
    undo: bool = Field(title="是否撤回合并", description="true takes an earlier merge back")
    reason: Text = Field(title="理由", description="evidence for it")


@event(
    "case.linked",
    zh="案件关联",
    en="Cases linked",
    region="platform",
    emitters=("AG", "PS", "PR", "JM"),
    source="platform; R310 3; SAMR supervision rules",
)
class CaseLinked(EventData):
    """Cases linked."""

    other: CaseId = Field(title="关联案件", description="the other case")
    relation: enums.LinkRelation = Field(
        title="关系", description="same facts, upstream, arises from, prior penalty ..."
    )


@event(
    "case.merged",
    zh="并案",
    en="Cases merged",
    region="platform",
    emitters=("AG", "PS", "PR"),
    source="PSP 21; SAMR 14",
)
class CaseMerged(EventData):
    """Cases merged."""

    into: CaseId = Field(
        title="并入案件",
        description=(
            "case that goes on: folded over the events of both, clocks keep their original start; "
            "the open clocks of the case merged away stop"
        ),
    )
    reason: Text = Field(title="理由", description="why")


@event(
    "case.split",
    zh="分案",
    en="Case split",
    region="platform",
    emitters=("AG", "PS", "PR"),
    source="platform",
)
class CaseSplit(EventData):
    """Case split."""

    into: Many[CaseId] = Field(title="分出案件", description="new cases")
    parties_moved: OrAbsent[Many[PartyId]] = Field(
        default=None,
        title="分出当事人",
        description="who goes where is in the new cases",
        json_schema_extra=PERSONAL,
    )
    reason: Text = Field(title="理由", description="why")


@event(
    "record.corrected",
    zh="更正",
    en="Earlier event corrected",
    region="platform",
    emitters=("AG", "PS", "PR", "CT", "JC", "GOV", "JM"),
    source="platform",
)
class RecordCorrected(EventData):
    """Earlier event corrected."""

    event: EventRef = Field(title="原事件", description="must be of the same source")
    replacement: Json = Field(title="更正后的数据", description="whole data of the same type")
    reason: Text = Field(title="更正理由", description="required")
    new_documents: bool = Field(
        title="是否有新证据", description="a downward correction without new documents raises nt7"
    )


@event(
    "record.withdrawn",
    zh="撤回",
    en="Earlier event withdrawn",
    region="platform",
    emitters=("AG", "PS", "PR", "CT", "JC", "GOV", "JM"),
    source="platform",
)
class RecordWithdrawn(EventData):
    """Earlier event withdrawn."""

    event: EventRef = Field(title="原事件", description="must be of the same source")
    reason: Text = Field(title="撤回理由", description="a tombstone stays visible")


@event(
    "organ.changed",
    zh="机关登记与变更",
    en="Organ registered or changed",
    region="platform",
    emitters=("JM", "SYS"),
    source="platform",
    subject="organ",
)
class OrganChanged(EventData):
    """Organ registered or changed."""

    change: enums.OrganChange = Field(title="变更种类", description="what happened")
    organ: Organ = Field(title="机关信息", description="id, name, kind, level, region, sector, parent")
    successors: OrAbsent[Many[OrganId]] = Field(
        default=None, title="承继机关", description="after merge, split or abolition"
    )
    valid_from: Date = Field(title="生效日", description="effective day")

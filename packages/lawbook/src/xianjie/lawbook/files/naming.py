"""The codes of the law data as people read them: Chinese and English for each.

A code that is not named here is shown as it stands, so that a new word in the law never needs a change here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]
Names: TypeAlias = Mapping[str, Pair]

GRADES: Names = {
    "read": ("已读原文", "text read"),
    "excerpt": (
        "依据摘录，尚待与正式文本核对",
        "written from an excerpt, to be compared with the official text",
    ),
    "secondary": (
        "依据第三方资料，尚待与正式文本核对",
        "written from a third-party compilation, to be compared with the official text",
    ),
    "memory": ("凭记忆写成，不得据以作出决定", "written from memory, do not decide on it"),
}
TEXTS_SEEN: Names = {
    "full": ("全文", "the whole text"),
    "full_text": ("全文", "the whole text"),
    "full_text_plus_extract": ("主文件全文，个别条款为摘录", "the main text in full, one limb in an extract"),
    "consolidated_text": ("经修正后的合并文本", "the consolidated text"),
    "extracts_reproduced_by_third_parties": ("第三方转载的摘录", "extracts reproduced by third parties"),
    "extract_reproduced_by_third_parties": ("第三方转载的摘录", "an extract reproduced by third parties"),
    "extract": ("摘录", "an extract"),
    "compilation_only": ("仅见于第三方汇编", "a third-party compilation only"),
    "compilation_mislabelled": (
        "仅见于标题有误的第三方汇编，条文序号未必是该文件的序号",
        "a mislabelled third-party compilation; its article numbers may not be those of the instrument",
    ),
    "press_report": ("新闻报道", "a press report"),
    "none": ("未取得文本", "no text"),
}
OFFENCE_KINDS: Names = {
    "threshold": ("有数额或者情节标准", "offence with a threshold"),
    "conduct": ("行为犯，无数额标准", "offence of conduct, without a number"),
}
SCOPES: Names = {
    "untreated": ("未经行政或者刑事处理的", "not dealt with administratively or criminally"),
    "untreated_and_prosecutable": (
        "未经处理且依法应当追诉的",
        "not dealt with, and within the limitation of prosecution",
    ),
    "untreated_or_prosecutable": (
        "构成犯罪且仍可追诉的（不限期间），或者在期间内未经处理的",
        "crimes that may still be prosecuted, or lesser acts not dealt with inside the window",
    ),
    "untreated_and_punishable": (
        "未经处理且依法仍可给予行政或者刑事处理的",
        "not dealt with, and still open to administrative or criminal handling",
    ),
}
BEARERS: Names = {
    "enforcement_agency": ("行政执法机关", "enforcement agency"),
    "public_security_organ": ("公安机关", "public security organ"),
    "procuratorate": ("人民检察院", "procuratorate"),
    "court": ("人民法院", "court"),
    "supervision_organ": ("监察机关", "supervision organ"),
    "government": ("人民政府、上级机关", "government or superior organ"),
    "joint_meeting": ("联席会议办公室", "joint-meeting coordinator"),
    "person": ("当事人", "the person concerned"),
    "source": ("录入机关", "the organ that recorded"),
}
ORGANS: Names = {
    "AG": ("行政执法机关", "enforcement agency"),
    "PS": ("公安机关", "public security organ"),
    "PR": ("人民检察院", "procuratorate"),
    "CT": ("人民法院", "court"),
    "JC": ("监察机关", "supervision organ"),
    "GOV": ("人民政府、上级机关", "government or superior organ"),
    "JM": ("联席会议办公室", "joint-meeting coordinator"),
    "SYS": ("平台", "the platform"),
}
ROW_KINDS: Names = {
    "duty": ("法定义务期限", "statutory duty"),
    "conditional": ("附条件的义务期限", "duty under a condition"),
    "late_only": ("只有逾期作出才构成问题", "only a late act is a finding"),
    "right": ("权利期限，不行使不构成逾期", "a right; not using it is never late"),
    "permission": ("许可期间", "a permission"),
    "bar": ("排除期间", "a bar"),
    "off": ("不计时", "not counted"),
    "no_number": ("有义务而无期限数字", "a duty without a number"),
}
LEVELS: Names = {
    "breach": ("违反期限", "breach"),
    "suspicion": ("疑似", "suspicion"),
    "notice": ("提示", "notice"),
    "none": ("不产生发现", "no finding"),
}
LEVEL_CONDITIONS: Names = {
    "sector_is_environment": ("生态环境领域的案件", "a case of ecology and environment"),
    "transfer_pending": ("移送尚在办理", "a transfer is pending"),
    "reexamination": ("复议、复核", "a reexamination"),
    "police_part": ("公安机关承担的部分", "the part of the police"),
}
CUSTODY: Names = {
    "always": ("羁押期限：最后一日是休息日的，不顺延", "a term of custody: the last day never moves"),
    "if_in_custody": (
        "当事人在押的，应当在顺延前的届满日前办结",
        "with the person in custody it is due before the last day moves",
    ),
}
RANKS: Names = {
    "none": ("不需批准", "nobody needs to approve"),
    "unit_head": ("部门负责人", "head of the unit"),
    "agency_head": ("本机关负责人", "head of the agency"),
    "collective": ("集体讨论决定", "collective decision"),
    "next_higher_authority": ("上一级机关", "next higher authority"),
    "tax_bureau_head": ("税务局局长", "head of the tax bureau"),
    "county_police_head": ("县级以上公安机关负责人", "head of a police organ of county level or above"),
    "next_higher_police_head": ("上一级公安机关负责人", "head of the next higher police organ"),
    "chief_procurator": ("检察长", "chief procurator"),
    "next_higher_procuratorate": ("上一级人民检察院", "next higher procuratorate"),
    "provincial_procuratorate": ("省级人民检察院", "provincial procuratorate"),
    "next_higher_court": ("上一级人民法院", "next higher court"),
}
CATEGORIES: Names = {
    "general": ("一般案件", "general"),
    "environment": ("生态环境", "environment"),
    "economic": ("经济犯罪", "economic crime"),
    "work_safety": ("安全生产", "work safety"),
    "drug": ("药品", "drugs"),
    "tax": ("税收", "tax"),
    "customs": ("海关", "customs"),
    "intellectual_property": ("知识产权", "intellectual property"),
    "food": ("食品", "food"),
    "cyber": ("网络", "network"),
}
REGIMES: Names = {
    "H24": (
        "按小时计：开始的小时不计入，期限不因节假日顺延",
        "hours: the hour of the start is not counted, holidays never move the end",
    ),
    "CPL": (
        "按自然日计：开始的日不计入，届满日为休息日的顺延",
        "calendar days: the day of the start is not counted, a last day off gives way",
    ),
    "CPLM": (
        "按月计：至届满月的同日，没有同日的为月末日；届满日为休息日的顺延",
        "months: to the same day of the later month or its last day; a last day off gives way",
    ),
    "ENV": (
        "按自然日计：开始的日不计入，届满日为休息日的顺延",
        "calendar days: the day of the start is not counted, a last day off gives way",
    ),
    "WD": ("按工作日计：开始的日不计入，休息日不计入", "working days, the day of the start not counted"),
    "PPLWD": ("按工作日计：开始的日不计入，休息日不计入", "working days, the day of the start not counted"),
    "R310": (
        "规定未写明自然日还是工作日：两种算法并列，两种都逾期的才算违反期限",
        "calendar or working days is not said: both are counted, late only when both are over",
    ),
    "SAMR": (
        "按自然日计：开始的日不计入，届满日为节假日的顺延",
        "calendar days: the day of the start is not counted, a last holiday gives way",
    ),
    "AGRI": (
        "按自然日计：开始的日不计入，届满日为休息日的顺延",
        "calendar days: the day of the start is not counted, a last day off gives way",
    ),
    "TRANS": (
        "按自然日计：开始的日不计入，届满日为休息日的顺延",
        "calendar days: the day of the start is not counted, a last day off gives way",
    ),
    "CAL": (
        "按自然日从宽计算：开始的日不计入，届满日为休息日的顺延",
        "calendar days in the later reading: the day of the start is not counted, a last day off gives way",
    ),
    "NONE": ("不计算", "nothing is counted"),
}
EVENT_WORDS: Names = {
    "case_moved_notice": ("案件移送通知书", "notice that the case moved"),
    "consultation_letter": ("商请函", "consultation letter"),
    "correction_notice": ("纠正违法通知书", "correction notice"),
    "decision_copy": ("决定书副本", "copy of the decision"),
    "explanation_request": ("要求说明理由通知书", "request for an explanation"),
    "filing_notice": ("立案通知书", "filing notice"),
    "filing_order": ("通知立案书", "order to file"),
    "judgment": ("判决书、裁定书", "judgment"),
    "no_filing_notice": ("不予立案通知书", "no-filing notice"),
    "non_prosecution_decision": ("不起诉决定书", "non-prosecution decision"),
    "opinion_copy": ("意见书副本", "copy of the opinion"),
    "other": ("其他", "other"),
    "penalty_opinion": ("检察意见书", "penalty opinion"),
    "property_notice": ("涉案财物处理通知", "notice on property"),
    "reasons_valid_notice": ("理由成立通知", "notice that the reasons hold"),
    "reconsideration_decision": ("复议决定书", "reconsideration decision"),
    "reconsideration_request": ("复议申请书", "reconsideration request"),
    "result_notice": ("结果通知", "notice of the result"),
    "return_papers": ("退回案卷材料", "returned papers"),
    "supplement_notice": ("补正材料通知", "notice to supplement"),
    "transfer_copy": ("移送材料副本", "copy of the transfer"),
    "transfer_opinion": ("移送意见", "opinion to transfer"),
    "withdrawal_notice": ("撤销案件通知", "withdrawal notice"),
    "withdrawal_order": ("通知撤销案件书", "order to withdraw"),
    "annual": ("年度报告", "annual report"),
    "operation_summary": ("运行情况总结", "summary of operation"),
    "investigation": ("侦查阶段", "investigation"),
    "circulated_criticism": ("通报批评", "circulated criticism"),
    "government_order": ("人民政府责令", "order of the government"),
    "superior_order": ("上级机关责令", "order of a superior organ"),
    "accepted": ("受理", "accepted"),
    "arrest": ("逮捕", "arrest"),
    "bail": ("取保候审", "bail"),
    "detention": ("拘留", "detention"),
    "residential_surveillance": ("监视居住", "residential surveillance"),
    "administrative_detention": ("行政拘留", "administrative detention"),
    "forwarded": ("转送", "forwarded"),
    "received": ("收到", "received"),
    "duty_crime": ("职务犯罪线索", "lead on a duty crime"),
    "linkage_breach": ("违反衔接规定的线索", "lead on a breach of the linkage rules"),
    "early_involvement": ("提前介入", "early involvement"),
    "evidence_support": ("证据支持", "evidence support"),
    "police_on_site": ("商请公安到场", "police on site"),
    "advance_registration": ("先行登记保存", "advance registration"),
    "sealing": ("查封", "sealing"),
    "seizure": ("扣押", "seizure"),
    "filed": ("已立案", "filed"),
    "not_filed": ("不立案", "not filed"),
    "overdue": ("逾期未作决定", "overdue"),
    "extra_investigation": ("补充调查", "extra investigation"),
    "complaint": ("控告、举报", "complaint"),
    "victim_report": ("被害人报案", "report of a victim"),
    "confirmed": ("确认", "confirmed"),
    "not_transferred": ("应当移送而不移送", "not transferred"),
    "file": ("通知立案", "file"),
    "withdraw": ("通知撤案", "withdraw"),
    "met": ("达到标准", "met"),
    "reasonable_suspicion": ("合理嫌疑", "reasonable suspicion"),
    "procuratorate_order": ("检察机关通知立案", "order of the procuratorate"),
}
HISTORIES: Names = {
    "admin_penalty": ("行政处罚", "administrative penalties"),
    "criminal_penalty": ("刑事处罚", "criminal penalties"),
}
RULE_GROUPS: Names = {
    "nontransfer": ("有案不移", "non-transfer"),
    "blocked": ("有案难移", "blocked transfer"),
    "fined": ("以罚代刑", "fine instead of prosecution"),
    "idle": ("立而不侦", "filed but not investigated"),
    "reverse": ("反向衔接", "reverse linkage"),
    "recording": ("信息录入", "recording"),
}
RULE_KINDS: Names = {
    "clock": ("期限届满即为发现", "a term ran out"),
    "predicate": ("按所列情形判断", "a condition on the case"),
}


def named(names: Names, code: str, language: int) -> str:
    """Return the name of a code in the language (CHINESE or ENGLISH); the code itself where it has none."""
    pair = names.get(code)
    return code if pair is None else pair[language]

"""Closed lists of words that fields of events choose from.

A word may be added to a list; a word that an event once used never leaves it.
"""

from __future__ import annotations

from typing import Literal

# Long lists read better filled than one word to a line.
# fmt: off

OrganKind = Literal["AG", "PS", "PR", "CT", "JC", "GOV", "JM", "SYS"]
"""Kinds of organs; SYS is the platform itself."""
AdministrativeLevel = Literal["national", "province", "prefecture", "county", "township"]
IdentityBasis = Literal["id_number", "credit_code", "passport", "placeholder"]
Handling = Literal["linkage", "procuratorate", "supervision_organ", "own"]

AccessKind = Literal["view", "list", "search", "count", "export", "stream"]
AgendaReason = Literal[
    "overdue", "disputed", "returned_twice", "discrepant", "stranded", "resolution_open", "other",
]
ApproverRole = Literal[
    "principal", "acting_head", "organ_head", "bureau_head", "deputy", "other", "not_stated",
]
AssessmentResult = Literal["met", "reasonable_suspicion", "not_met", "insufficient"]
CaseCategory = Literal[
    "general", "environment", "economic", "work_safety", "drug", "tax", "customs",
    "intellectual_property", "food", "cyber",
]
Certainty = Literal["measured", "admitted", "stated", "alleged", "found_by_decision", "found_by_court"]
ClockState = Literal["met", "late", "withdrawn", "superseded"]
CoerciveEnd = Literal["released", "changed", "expired"]
CoerciveKind = Literal["summons", "detention", "bail", "residential_surveillance", "arrest"]
ConsultationPurpose = Literal[
    "criminality", "evidence", "jurisdiction", "evidence_support", "assistance_elsewhere",
    "police_on_site", "early_involvement", "information",
]
DeclineGround = Literal[
    "no_criminal_facts", "clearly_minor", "limitation_expired", "other_ground", "no_criminal_liability",
    "not_stated",
]
DisputeSubject = Literal["jurisdiction", "standard", "evidence", "refusal", "property"]
DocKind = Literal[
    "transfer_letter", "investigation_report", "item_list", "test_report", "expert_conclusion",
    "other_material", "penalty_decision", "no_penalty_decision", "penalty_notice", "hearing_notice",
    "case_report", "transfer_report", "approval_form", "receipt_slip", "case_registration",
    "supplement_notice", "supplement_explanation", "case_transfer_notice", "filing_decision",
    "filing_notice", "no_filing_notice", "file_return_list", "reconsideration_request",
    "reconsideration_decision", "supervision_proposal", "explanation_request", "explanation",
    "filing_order", "withdrawal_order", "correction_opinion", "correction_notice", "urging_letter",
    "procuratorial_opinion", "procuratorial_suggestion", "transfer_suggestion_letter", "handover_list",
    "withdrawal_decision", "prosecution_opinion", "indictment", "non_prosecution_decision",
    "review_report", "termination_decision", "suspension_decision", "reply", "judgment", "ruling",
    "execution_record", "lead_letter", "inspection_record", "seizure_record", "questioning_record",
    "order_to_pay", "rectification_order", "tax_decision", "consultation_letter", "minutes",
    "meeting_agenda", "checklist", "statistics_report", "evidence_data", "identification", "other",
]
DocumentStage = Literal["investigation_report", "prior_notice", "hearing_notice"]
DutyGround = Literal["duty_crime", "linkage_breach"]
DutyStep = Literal["received", "forwarded", "returned", "case_opened", "disposed"]
ExclusionGround = Literal[
    "death", "limitation_expired", "amnesty", "tax_paid_after_notice", "incapacity", "other",
]
ExecutionState = Literal["executed", "partly_executed", "not_executed", "instalments", "forced", "ended"]
ExplanationKind = Literal["not_filed", "overdue", "filed"]
FilingOrigin = Literal[
    "transfer", "own_discovery", "victim_report", "procuratorate_order", "superior_order",
    "reconsideration", "unknown",
]
FindingLevel = Literal["notice", "suspicion", "breach"]
FindingOutcome = Literal["confirmed", "refuted", "excused", "unclear"]
Instance = Literal["first", "second", "retrial"]
InstrumentKind = Literal[
    "correction_opinion", "correction_notice", "urging_letter", "procuratorial_suggestion",
    "report_to_higher", "government_order", "superior_order", "circulated_criticism",
    "report_to_party_committee", "other",
]
InvestigationAct = Literal[
    "questioning", "search", "seizure", "expert_conclusion", "scene", "wanted_notice",
    "arrest_of_fugitive", "voluntary_surrender", "other",
]
JudgementResult = Literal["met", "not_met", "insufficient"]
JurisdictionGround = Literal["designated", "moved", "merged", "agreed", "by_law"]
JurisdictionStage = Literal["administrative", "investigation", "prosecution", "trial"]
LeadSource = Literal[
    "inspection", "complaint", "media", "monitoring", "referral", "own_discovery", "accident",
    "platform_screening", "victim_report", "reverse_linkage", "other",
]
LinkRelation = Literal[
    "same_facts", "same_party", "upstream", "downstream", "arises_from", "prior_penalty",
    "administrative_side", "other",
]
ListingKind = Literal["joint_supervision", "superior_supervision", "special_campaign"]
MeasureEnd = Literal[
    "released", "returned", "destroyed", "sold", "kept_by_agreement", "converted", "confiscated",
    "handed_over", "complied", "not_complied", "lapsed",
]
MeasureKind = Literal[
    "advance_registration", "seizure", "sealing", "freezing", "order_to_stop", "order_to_rectify",
    "order_to_pay", "licence_withheld", "recovery_order", "other",
]
NonProsecutionType = Literal["statutory", "discretionary", "insufficient_evidence", "conditional"]
NoticeKind = Literal[
    "transfer_copy", "property_notice", "filing_notice", "no_filing_notice", "case_moved_notice",
    "withdrawal_notice", "supplement_notice", "forwarding_notice", "return_notice",
    "reconsideration_request", "reconsideration_decision", "explanation_request", "reasons_valid_notice",
    "filing_order", "withdrawal_order", "transfer_opinion", "opinion_copy", "penalty_opinion",
    "non_prosecution_decision", "judgment", "result_notice", "correction_notice", "consultation_letter",
    "order", "decision_copy", "return_papers", "other",
]
NotificationState = Literal["delivered", "read", "acknowledged", "failed", "expired"]
OffsetKind = Literal["fine", "detention"]
OrderKind = Literal["file", "withdraw"]
OrganChange = Literal["created", "renamed", "merged", "split", "abolished", "region_changed"]
PartyKind = Literal["natural_person", "unit"]
PartyRole = Literal[
    "suspect", "controlling_person", "victim", "complainant", "witness_of_record", "offender_convicted",
    "official_in_charge", "third_party",
]
PartyStatus = Literal["active", "deceased", "dissolved", "fugitive"]
PenaltyKind = Literal[
    "warning", "criticism", "fine", "confiscation_gains", "confiscation_goods", "suspension_of_licence",
    "downgrade", "revocation", "restriction_of_business", "stop_production", "closure",
    "ban_from_business", "detention", "market_ban", "late_surcharge", "daily_consecutive_fine", "other",
]
PenaltyOutcome = Literal[
    "penalty", "no_penalty_minor", "no_penalty_first_and_minor", "no_penalty_no_fault",
    "no_penalty_unproven", "no_penalty_time_barred", "no_penalty_incapacity",
    "no_penalty_already_criminal_fine", "no_penalty_ground_not_stated",
]
PeriodGround = Literal[
    "complex", "lead_check", "superior_approved", "testing_or_expert", "hearing", "judicial_handling",
    "challenge_pending", "consultation_elsewhere", "public_announcement", "force_majeure", "other",
]
Position = Literal["crime", "no_crime", "evidence_insufficient", "more_facts_needed", "no_position"]
ReconsiderationLevel = Literal["reconsideration", "review", "petition"]
ReconsiderationOutcome = Literal["upheld", "changed", "filed", "inadmissible"]
ReferralPurpose = Literal["administrative_detention", "other_agency_competent", "tip"]
RejectionReason = Literal["material_incomplete", "not_competent", "standard_not_met", "no_reason", "other"]
ReplyContent = Literal["result", "status", "agrees", "declines", "complied", "partly_complied", "other"]
ReportKind = Literal["annual", "operation_summary", "statistics"]
ResolutionOutcome = Literal["done", "partly_done", "dropped"]
ReverseFrom = Literal["declined", "withdrawn", "not_prosecuted", "exempt", "not_guilty"]
SentenceItem = Literal["criminal_fine", "confiscation", "imprisonment", "community_correction"]
ServiceChannel = Literal["in_person", "post", "electronic", "platform", "announcement", "other"]
SubmissionVerdict = Literal["accepted", "refused", "parked", "duplicate"]
SupervisionOutcome = Literal[
    "filed_under_order", "withdrawn_under_order", "reasons_valid", "transferred", "complied",
    "refused_and_escalated", "passed_to_police", "listed_term_ended", "other",
]
SupervisionSubject = Literal[
    "not_filed", "overdue", "wrongly_filed", "not_transferred", "withdrawn", "not_investigated",
]
SupplementKind = Literal["missing_document", "extra_investigation", "expert_conclusion"]
SupplementOutcome = Literal["supplied", "partly_supplied", "impossible"]
TermUnit = Literal["calendar_day", "working_day", "month"]
TerminationGround = Literal[
    "no_criminal_facts", "not_the_offender", "clearly_minor", "limitation_expired", "pardon", "died",
    "other_no_liability",
]
TerminationReason = Literal[
    "no_penalty_needed", "already_penalized", "time_barred", "no_competent_organ", "other",
]
TransferGround = Literal["standard_met", "reasonable_suspicion", "ordered", "urged", "resubmitted"]
TrialProcedure = Literal["ordinary", "summary", "fast_track", "unknown"]
TrialStage = Literal["accepted", "hearing"]
UrgeForm = Literal["procuratorial_opinion", "suggestion_letter", "oral"]
Verdict = Literal[
    "guilty", "exempt_from_punishment", "not_guilty", "upheld", "changed", "remanded", "withdrawn",
]
WithdrawalGround = Literal[
    "no_criminal_facts", "clearly_minor", "limitation_expired", "pardon", "suspect_died",
    "other_no_liability", "ordered",
]

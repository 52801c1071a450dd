"""Transitions of the criminal and the reverse region, kept for each party, and of the duty-crime branch.

Source: procedure of the linkage, 3.2 (18 to 32) and 3.4 (49 to 61); articles where 3.2 says it in words.
"""

from __future__ import annotations

from xianjie.transfer.domain.regions_rows import STAYS, Order, Row, row

# C: criminal, per party ------------------------------------------------------------------------------
CRIMINAL_ORDER: Order = (
    "investigating",
    "moved",
    "supplement_investigation",
    "prosecution_review",
    "prosecuted",
    "on_trial",
    ("judged_guilty", "judged_exempt", "judged_not_guilty"),
    "judgment_effective",
    ("withdrawn", "not_prosecuted"),
)
CRIMINAL_LEFT = frozenset({"withdrawn", "not_prosecuted"})
_C_POLICE = "investigating moved supplement_investigation"
_C_JUDGED = "judged_guilty judged_exempt judged_not_guilty"
_C_GOING = f"{_C_POLICE} prosecution_review prosecuted on_trial {_C_JUDGED} judgment_effective"
_C_LEFT = "withdrawn not_prosecuted"


def _proves_filing(event: str, emitters: str) -> tuple[Row, ...]:
    """A measure that needs a filed case proves the filing, not its day (catalogue, section 1)."""
    return (
        row("18", event, emitters, "-", "investigating"),
        row("25", event, emitters, "moved", "investigating", anew=True),
        row("18", event, emitters, _C_GOING, STAYS),
    )


def _verdict(verdict: str, state: str) -> tuple[Row, ...]:
    return (
        row(
            "31",
            f"judgment.rendered verdict={verdict}",
            "CT",
            f"on_trial {_C_JUDGED}",
            state,
            guard="first_or_retrial",
        ),
        row(
            "31",
            f"judgment.rendered verdict={verdict}",
            "CT",
            "judgment_effective",
            state,
            guard="retrial",
            anew=True,
        ),
    )


CRIMINAL: tuple[Row, ...] = (
    row("18", "case.filed", "PS PR", "-", "investigating"),
    row("18, PSP 190, PRR 369", "case.filed", "PS PR", f"moved {_C_LEFT}", "investigating", anew=True),
    row("18", "case.filed", "PS PR", _C_GOING, STAYS),
    *_proves_filing("coercive_measure.taken", "PS PR CT"),
    *_proves_filing("coercive_measure.ended", "PS PR CT"),
    *_proves_filing("arrest.requested", "PS"),
    *_proves_filing("arrest.decided", "PR CT"),
    *_proves_filing("investigation.recorded act=search|seizure|wanted_notice|arrest_of_fugitive", "PS PR"),
    row(
        "25",
        "jurisdiction.changed stage=investigation",
        "PS PR",
        "investigating supplement_investigation",
        "moved",
    ),
    row("26", "case.withdrawn", "PS PR", f"{_C_POLICE} prosecution_review", "withdrawn"),
    row("26", "investigation.terminated", "PS", f"{_C_POLICE} prosecution_review", "withdrawn"),
    row(
        "27",
        "prosecution.requested",
        "PS PR JC",
        "investigating moved",
        "prosecution_review",
        guard="first_round",
    ),
    row("28", "prosecution.requested", "PS PR JC", f"{_C_POLICE}", "prosecution_review", guard="later_round"),
    row(
        "28", "prosecution.requested", "PS PR JC", "supplement_investigation", "prosecution_review", anew=True
    ),
    row(
        "27, PSP 190, PRR 369", "prosecution.requested", "PS PR JC", _C_LEFT, "prosecution_review", anew=True
    ),
    row(
        "28",
        "prosecution.returned",
        "PR",
        "prosecution_review supplement_investigation",
        "supplement_investigation",
    ),
    row("29", "prosecution.instituted", "PR", "prosecution_review", "prosecuted"),
    row("29, PRR 369", "prosecution.instituted", "PR", _C_LEFT, "prosecuted", anew=True),
    row("29", "prosecution.instituted", "PR", "prosecuted on_trial", STAYS),
    row("30", "prosecution.declined", "PR", "prosecution_review", "not_prosecuted"),
    row("30", "prosecution.declined", "PR", "prosecuted", "not_prosecuted", anew=True),
    row("31", "trial.opened instance=first", "CT", "prosecuted on_trial", "on_trial"),
    row("31, CPL 234", "trial.opened instance=second", "CT", f"on_trial {_C_JUDGED}", "on_trial"),
    row(
        "31, CPL 254",
        "trial.opened instance=retrial",
        "CT",
        f"{_C_JUDGED} judgment_effective",
        "on_trial",
        anew=True,
    ),
    *_verdict("guilty", "judged_guilty"),
    *_verdict("exempt_from_punishment", "judged_exempt"),
    *_verdict("not_guilty", "judged_not_guilty"),
    row(
        "31, PRR 424",
        "judgment.rendered verdict=withdrawn",
        "CT",
        "prosecuted on_trial",
        "prosecution_review",
        guard="first_or_retrial",
    ),
    row("31, CPL 236", "judgment.rendered verdict=remanded", "CT", f"on_trial {_C_JUDGED}", "on_trial"),
    row(
        "32, CPL 244",
        "judgment.rendered",
        "CT",
        f"on_trial {_C_JUDGED}",
        "judgment_effective",
        guard="final_instance",
    ),
    row("32", "judgment.finalized", "CT", _C_JUDGED, "judgment_effective"),
    row("32, CPL 259", "sentence.executed", "CT PS", _C_JUDGED, "judgment_effective"),
)

# R: reverse, per party -------------------------------------------------------------------------------
REVERSE_ORDER: Order = (
    ("reverse_review", "reverse_suspended"),
    "opinion_issued",
    "reverse_received",
    "reverse_overdue",
    "reverse_decided",
    "reverse_replied",
    "reverse_terminated",
)
REVERSE_LEFT = frozenset({"reverse_terminated"})
_R_ENDED = "reverse_terminated reverse_replied"
_R_ISSUED = "opinion_issued reverse_received reverse_overdue"
_R_ANY = f"reverse_review reverse_suspended {_R_ISSUED} reverse_decided {_R_ENDED}"

_SUBSTANTIAL = "result|agrees|declines|complied|partly_complied|other"

REVERSE: tuple[Row, ...] = (
    row("30", "prosecution.declined", "PR", "-", "reverse_review"),
    row("30", "prosecution.declined", "PR", _R_ENDED, "reverse_review", anew=True),
    row("30", "prosecution.declined", "PR", _R_ANY, STAYS),
    row("49", "reverse_review.handed_over", "PR", "-", "reverse_review"),
    row("49", "reverse_review.handed_over", "PR", _R_ANY, STAYS),
    row("49", "reverse_review.registered", "PR", "-", "reverse_review"),
    row("49", "reverse_review.registered", "PR", _R_ANY, STAYS),
    row("50", "period.suspended row=reverse_review", "PR", "reverse_review", "reverse_suspended"),
    row("50", "period.resumed", "PR", "reverse_suspended", "reverse_review", guard="resumes_the_review"),
    row("51", "reverse_review.terminated", "PR", "reverse_review reverse_suspended", "reverse_terminated"),
    row("52", "penalty_opinion.issued", "PR", "reverse_review reverse_suspended", "opinion_issued"),
    row("52", "penalty_opinion.issued", "PR", "reverse_terminated", "opinion_issued", anew=True),
    row("53", "notice.served kind=penalty_opinion", "AG PS PR JC", "opinion_issued", "reverse_received"),
    row(
        "54",
        "penalty.decided",
        "AG PS",
        f"{_R_ISSUED} reverse_replied",
        "reverse_decided",
        guard="answers_the_criminal_side",
    ),
    row("55", "reply.given content=status", "AG PS JC", _R_ANY, STAYS, guard="replies_to_the_opinion"),
    row(
        "55",
        f"reply.given content={_SUBSTANTIAL}",
        "AG PS JC",
        f"{_R_ISSUED} reverse_decided",
        "reverse_replied",
        guard="replies_to_the_opinion",
    ),
    row(
        "56",
        "clock.expired",
        "SYS",
        "opinion_issued reverse_received",
        "reverse_overdue",
        guard="time_to_reply",
    ),
    row(
        "58, 59",
        "reverse.transferred",
        "PS CT",
        "- reverse_review reverse_suspended opinion_issued",
        "reverse_received",
    ),
    row("58, 59", "reverse.transferred", "PS CT", _R_ENDED, "reverse_received", anew=True),
    row("58, 59", "reverse.transferred", "PS CT", _R_ANY, STAYS),
)

# J: duty-crime branch ----------------------------------------------------------------------------------
DUTY_ORDER: Order = ("j_lead_sent", "j_received", "j_forwarded", "j_disposed")
_J_ANY = "j_lead_sent j_received j_forwarded j_disposed"

DUTY: tuple[Row, ...] = (
    row("60", "duty_lead.sent ground=duty_crime", "AG PS PR CT JM GOV", "-", "j_lead_sent"),
    row(
        "60", "duty_lead.sent ground=duty_crime", "AG PS PR CT JM GOV", "j_disposed", "j_lead_sent", anew=True
    ),
    row("60", "duty_lead.sent ground=duty_crime", "AG PS PR CT JM GOV", _J_ANY, STAYS),
    row(
        "61",
        "duty_lead.handled step=received|case_opened",
        "JC PR",
        "j_lead_sent j_forwarded",
        "j_received",
        guard="duty_crime",
    ),
    row(
        "61",
        "duty_lead.handled step=forwarded",
        "JC PR",
        "j_lead_sent j_received",
        "j_forwarded",
        guard="duty_crime",
    ),
    row(
        "61",
        "duty_lead.handled step=returned|disposed",
        "JC PR",
        "j_lead_sent j_received j_forwarded",
        "j_disposed",
        guard="duty_crime",
    ),
)

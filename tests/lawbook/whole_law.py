"""A tiny law with one of everything, as plain values that a test may change: sound, and easy to break."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.lawbook.standards_law import tiny, written

from xianjie.lawbook.checking.law_checking import Findings, check_law

DIGEST = "sha-256:" + "0" * 64
TEXTS = {"title_zh": "标题", "title_en": "title"}
RULE = {
    "id": "ax1_late",
    **TEXTS,
    "group": "nontransfer",
    "kind": "predicate",
    "level": "suspicion",
    "responsible": "enforcement_agency",
    "basis": ["REG 5(1)"],
    "parameters": ["sla_team"],
    "confidence": "0.80",
    "condition_zh": "情形",
    "condition_en": "condition",
    "counter_zh": "可能不成立",
    "counter_en": "may be wrong",
    "enabled": True,
}
ROW = {
    "id": "head_decision",
    **TEXTS,
    "bearer": ["enforcement_agency"],
    "kind": "duty",
    "highest_level": "breach",
    "events": {
        "starts": [{"type": "cn.xianjie.case.transferred.v1"}],
        "stops": [{"type": "cn.xianjie.case.filed.v1"}],
    },
    "versions": [
        {
            "valid_from": "2020-01-01",
            "limit": {"value": 3, "unit": "day"},
            "regime": "CAL",
            "source": {"instrument": "REG", "article": "5(2)"},
            "grade": "read",
            "enabled": True,
        }
    ],
}


def whole() -> dict[str, Any]:
    """A law with every part, by path."""
    law = tiny()
    law["instruments/act.yaml"] |= {
        "text_digest": DIGEST,
        "articles": {"第一条": {"digest": DIGEST, "numbers": [1000, 3000, 50000]}},
    }
    law["instruments/REG.yaml"] = deepcopy(law["instruments/act.yaml"]) | {
        "id": "REG",
        "number": "2号",
        "articles": {"第五条": {"digest": DIGEST, "numbers": [2, 3, 24]}},
    }
    law["instruments/old_act.yaml"] = {
        "id": "old_act",
        "title_zh": "某法（旧）",
        "short_zh": "旧",
        "number": None,
        "issuer": None,
        "effective_from": "2010-01-01",
        "effective_to": "2019-12-31",
        "grade": "memory",
        "text_read": "none",
        "note": "From memory.",
    }
    law["catalogue.yaml"]["offences_without_cause"] = {"offences": [], "note": "none"}
    law["causes/tax.yaml"] = {
        "sector": "tax",
        "causes": [
            {
                "id": "CA-001",
                "name_zh": "某案由",
                "aliases_zh": ["别名"],
                "bases": [
                    {"instrument": "act", "article": "第一条", "grade": "read", "enabled": True},
                    {"instrument": "old_act", "article": "第九条", "grade": "memory", "enabled": False},
                ],
                "offences": ["tiny"],
            }
        ],
    }
    law["rules/parameters.yaml"] = {
        "parameters": [{"id": "sla_team", "value": 1, "unit": "working_day", **TEXTS}]
    }
    law["rules/ax1_late.yaml"] = deepcopy(RULE)
    law["clocks/head_decision.yaml"] = deepcopy(ROW)
    law["calendars/2026.yaml"] = _year(2026)
    law["calendars/2027.yaml"] = b"year: 2027\nawaited: true\nnotices: []\ndays_off: []\nmake_up: []\n"
    law["regions/510100.yaml"] = {
        "region": "510100",
        "name_zh": "某市",
        "targets": [
            {
                "id": "sla_team",
                "value": 2,
                "unit": "working_day",
                "valid_from": "2026-01-01",
                "source": "某文",
            }
        ],
    }
    law["numbers.yaml"] = {"derivations": []}
    law["cases/clocks.yaml"] = {
        "cases": [{"case": "T-1", "row": "head_decision", "from": "2026-03-02", "due": {"day": "2026-03-05"}}]
    }
    law["README.md"] = "说明".encode()
    return law


def _year(year: int) -> bytes:
    """A year as YAML: JSON has no days."""
    return (
        f"year: {year}\n"
        "notices: [{number: null, title_zh: null, issued_on: null, grade: secondary, url: 'https://gov.cn/'}]\n"
        f"days_off: [{{zh: 元旦, en: New Year, days: [{year}-01-01]}}]\n"
        "make_up: []\n"
    ).encode()


def checked(law: Mapping[str, Any]) -> Findings:
    """What a check of such a law finds."""
    return check_law(written(law))

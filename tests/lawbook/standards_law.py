"""What the tests of the standards share: the law of this repository, and a tiny law to break."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from xianjie.lawbook.bundle import read_files
from xianjie.lawbook.standards.catalogue import Offence, Standards, Version
from xianjie.lawbook.standards.judging import Judgement, JudgementInput, judge
from xianjie.lawbook.standards.loading import load_standards
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.standards.worked_cases import WorkedCase, read_cases

LAW = Path(__file__).resolve().parents[2] / "law"


@cache
def files() -> Mapping[str, bytes]:
    """Everything below the law directory of the repository."""
    return read_files(LAW)


@cache
def standards() -> Standards:
    """The catalogue of the repository."""
    return load_standards(files())


@cache
def cases() -> tuple[WorkedCase, ...]:
    """The worked cases of the repository."""
    return tuple(
        case
        for path, text in files().items()
        if path.startswith("cases/standards/")
        for case in read_cases(text, file=path, standards=standards())
    )


def versions() -> list[tuple[Offence, Version]]:
    """Every version with text, with its offence."""
    return [
        (offence, version)
        for offence in standards().offences.values()
        for version in offence.versions
        if not version.text_missing
    ]


def judged(
    offence: str,
    day: str | None,
    facts: Mapping[str, FactValue],
    *,
    decided: str | None = None,
    law: Standards | None = None,
    **more: Any,
) -> Judgement:
    """Judge facts for an act of a day, decided on the same day unless told otherwise."""
    given = JudgementInput(
        offence=offence,
        act_day=None if day is None else date.fromisoformat(day),
        decision_day=date.fromisoformat(decided or day or "2026-01-01"),
        facts=facts,
        **more,
    )
    return judge(standards() if law is None else law, given)


def leaf(name: str, **members: Any) -> dict[str, Any]:
    """A leaf of the tiny law."""
    return {"id": f"tiny@1/{name}", "description_zh": name, "description_en": name, **members}


def truth(name: str, fact: str, op: str = "is_true") -> dict[str, Any]:
    """A leaf over a boolean fact."""
    return leaf(name, fact=fact, op=op)


def amount(name: str, value: Any, op: str = ">=", fact: str = "money") -> dict[str, Any]:
    """A leaf over an amount of money."""
    return leaf(name, fact=fact, op=op, value=value, unit="CNY")


_FACT = {"label_zh": "事实", "label_en": "fact", "definition": "A fact."}
_VERSION = {
    "id": "tiny@1",
    "effective_from": "2020-01-01",
    "effective_to": None,
    "grade": "read",
    "checked_by": "",
    "verified": True,
    "text_seen": "full_text",
    "sources": [{"instrument": "act", "number": "1号", "article": "第一条"}],
}
_TINY: dict[str, Any] = {
    "facts.yaml": {
        "facts": [
            *({**_FACT, "name": name, "type": "boolean"} for name in "abcdefgh"),
            {**_FACT, "name": "grave", "type": "boolean", "judgement": True},
            {**_FACT, "name": "money", "type": "money", "unit": "CNY"},
            {**_FACT, "name": "stock", "type": "money", "unit": "CNY"},
            {**_FACT, "name": "land", "type": "decimal", "unit": "mu"},
            {**_FACT, "name": "count", "type": "integer", "unit": "times"},
            {**_FACT, "name": "subject", "type": "enum", "values": ["individual", "unit"]},
            {**_FACT, "name": "opened", "type": "date"},
            {
                **_FACT,
                "name": "priors",
                "type": "integer",
                "unit": "times",
                "derived_from": "history",
                "history": {"counts": "admin_penalty", "window_years": 2},
            },
        ]
    },
    "units.yaml": {
        "units": [{"code": code, "name_zh": code, "name_en": code} for code in ("CNY", "mu", "times")]
    },
    "parameters.yaml": {
        "parameters": [
            {
                "id": "large",
                "unit": "CNY",
                "min": 1000,
                "max": 3000,
                "set_by": "省高院",
                "source": "act 第一条",
            }
        ]
    },
    "known_unread.yaml": {
        "known_unread": [
            {
                "id": "lost",
                "title_zh": "未读文件",
                "number": "9号",
                "effective_from": "2020-01-01",
                "affects": ["tiny"],
                "note": "Not read.",
            }
        ]
    },
    "instruments/act.yaml": {
        "id": "act",
        "title_zh": "某解释",
        "number": "1号",
        "issuer": "某院",
        "effective_from": "2020-01-01",
        "grade": "read",
        "text_read": "full",
    },
    "overlays/CN-51.yaml": {
        "province": "CN-51",
        "province_zh": "四川",
        "overlays": [
            {
                "parameter": "large",
                "value": 2000,
                "effective_from": "2021-01-01",
                "source": "某号",
                "grade": "excerpt",
                "checked_by": "",
                "verified": False,
                "text_seen": "extract",
            }
        ],
    },
    "sectors.yaml": {"sectors": [{"code": "tax", "name_zh": "税务", "name_en": "tax"}]},
    "catalogue.yaml": {"knowledge_horizon": {"legislation_and_interpretations": "2026-05-16"}},
    "standards/tiny.yaml": {
        "name_zh": "小罪",
        "name_en": "tiny offence",
        "id": "tiny",
        "criminal_law_article": "第一条",
        "kind": "threshold",
        "agencies": ["tax"],
        "versions": [{**_VERSION, "criteria": {"id": "tiny@1/root", "any_of": [amount("sold", 50000)]}}],
    },
}


def tiny() -> dict[str, Any]:
    """A complete and sound law with one offence, as plain values that a test may change."""
    return deepcopy(_TINY)


def written(law: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a tiny law (JSON is YAML); bytes stay as they are."""
    return {
        path: value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
        for path, value in law.items()
    }


def tiny_law(criteria: Mapping[str, Any], **members: Any) -> Standards:
    """The catalogue of a tiny law whose one version has these criteria and members."""
    law = tiny()
    law["standards/tiny.yaml"]["versions"][0] |= {"criteria": criteria, **members}
    return load_standards(written(law))

"""Forms of short texts: pattern, name in both languages and an example of each.

A form stands in an annotation, `OrganId = Annotated[str, ORGAN_ID]`: it validates, it describes itself in
JSON Schema, and its words are what an official reads when a value has another form. Patterns are anchored
and use ASCII classes only, so that they mean the same in Python, in Rust and in ECMA-262.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

FORM_ERROR: Final = "form."
"""What the error type of a text in the wrong form begins with; the name of the form follows."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a short text must look.

    Attributes:
        name: stable name, last part of the code of a problem.
        pattern: regular expression of the whole text.
        zh: what the text is, in Chinese.
        en: the same in English.
        example: a text that has the form.
        check: called with a text that fits the pattern; raises ValueError when it means
            nothing, as 30 February does.
        format: `format` of JSON Schema, where there is one.
    """

    name: str
    pattern: str
    zh: str
    en: str
    example: str
    check: Callable[[str], object] | None = None
    format: str | None = None
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern))

    def accepts(self, text: str) -> bool:
        """Whether the text has this form."""
        if self.compiled.fullmatch(text) is None:
            return False
        try:
            return self.check is None or bool(self.check(text))
        except ValueError:
            return False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = core_schema.str_schema(pattern=self.pattern)
        if self.check is not None:
            check = self.check

            def checked(text: str) -> str:
                check(text)
                return text

            schema = core_schema.no_info_after_validator_function(checked, schema)
        return core_schema.custom_error_schema(
            schema, custom_error_type=FORM_ERROR + self.name, custom_error_message=self.en
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = {"type": "string", "pattern": self.pattern, "examples": [self.example]}
        return described | ({"format": self.format} if self.format else {})


def _date_or_instant(text: str) -> object:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


_ORGAN = "(ag|ps|pr|ct|jc|gov|jm|other)-[0-9]{6}-[a-z_0-9]+(-[0-9]{1,3})?"
_SOURCE = f"urn:xianjie:(organ:{_ORGAN}|platform:[a-z][a-z_]{{0,39}})"
_EVENT = "[A-Za-z0-9._-]{1,64}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
_WORD = "^[a-z][a-z0-9_]{0,79}$"
_AN_ORGAN = "ag-120103-market_regulation"

ORGAN_ID = Form("organ_id", f"^{_ORGAN}$", "机关编号", "organ id", _AN_ORGAN)
CASE_ID = Form(
    "case_id",
    "^[a-z]+-[0-9]{6}-[a-z_0-9-]+/[A-Za-z0-9._-]{1,40}$",
    "案件编号",
    "case id",
    f"{_AN_ORGAN}/2026-001",
)
PARTY_ID = Form("party_id", "^pty_[a-z2-7]{26}$", "当事人编号", "party id", "pty_c33sqqpns5sabpnniscbnmus5b")
DOCUMENT_ID = Form("document_id", f"^{_EVENT}$", "文书编号", "document id", "D-01")
EVENT_ID = Form("event_id", f"^{_EVENT}$", "事件编号", "event id", "2026-000001")
ROW_ID = Form("row_id", _WORD, "期限条目编号", "id of a time limit", "filing_decision")
RULE_ID = Form("rule_id", _WORD, "规则编号", "id of a detection rule", "bt2_no_receipt")
OFFENCE_ID = Form("offence_id", _WORD, "罪名编号", "offence id", "fake_drug_offence")
FACT_NAME = Form("fact_name", _WORD, "事实名称", "name of a fact", "sales_amount")
FACT_WORD = Form("fact_word", _WORD, "事实取值", "value of an enumerated fact", "natural_person")
AGENCY_CODE = Form("agency_code", _WORD, "行业代码", "sector of an agency", "market_regulation")
REGION_CODE = Form("region_code", "^[0-9]{6}$", "行政区划代码", "region code (GB/T 2260)", "120103")
SOURCE = Form("source", f"^{_SOURCE}$", "来源", "source", f"urn:xianjie:organ:{_AN_ORGAN}")
PLATFORM_ID = Form(
    "platform_id",
    "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$",
    "平台对象编号",
    "id given by the platform",
    "S-000001",
)
DIGEST = Form(
    "digest", "^sha-256:[0-9a-f]{64}$", "摘要", "SHA-256 digest", "sha-256:" + "0123456789abcdef" * 4
)
DECIMAL = Form(
    "decimal",
    r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$",
    "十进制数（字符串）",
    "exact decimal number in a string",
    "28.75",
)
DATE = Form("date", f"^{_DAY}$", "日期", "civil date", "2026-03-02", date.fromisoformat, "date")
INSTANT = Form(
    "instant",
    f"^{_DAY}{_TIME}$",
    "时刻（含时区）",
    "instant with offset (RFC 3339)",
    "2026-03-02T09:30:00+08:00",
    datetime.fromisoformat,
    "date-time",
)
DATE_OR_INSTANT = Form(
    "date_or_instant",
    f"^{_DAY}({_TIME})?$",
    "日期或时刻（含时区）",
    "civil date, or instant with offset",
    "2026-03-02",
    _date_or_instant,
)
MONTH = Form("month", "^[0-9]{4}-(0[1-9]|1[0-2])$", "月份", "month", "2026-03")
YEAR = Form("year", "^[0-9]{4}$", "年份", "year", "2026")
SEQUENCE = Form(
    "sequence", "^(0|[1-9][0-9]{0,18})$", "顺序号（字符串）", "decimal counter in a string", "1024"
)
CORRELATION = Form(
    "correlation",
    "^[!-~]{1,128}$",
    "关联编号（可见ASCII字符）",
    "id of a request in printable ASCII",
    "01J9Z3T8Q4",
)
CAUSATION = Form(
    "causation",
    f"^{_SOURCE}#{_EVENT}$",
    "起因事件（<来源>#<编号>）",
    "event that led to this one, <source>#<id>",
    f"urn:xianjie:organ:{_AN_ORGAN}#2026-000001",
)
PARTITION = Form("partition", "^[!-~]{1,200}$", "分区键", "key of order on the bus", f"{_AN_ORGAN}/2026-001")
SIGNATURE = Form(
    "signature",
    r"^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$",
    "分离式签名",
    "detached JSON Web Signature",
    "eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl",
)
TRACE_PARENT = Form(
    "traceparent",
    "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
    "追踪上下文",
    "W3C trace context",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
TRACE_STATE = Form("tracestate", "^[ -~]{1,512}$", "追踪状态", "W3C trace state", "vendor=value")

FORMS: Final = {form.name: form for form in list(globals().values()) if isinstance(form, Form)}
"""Every form by its name."""

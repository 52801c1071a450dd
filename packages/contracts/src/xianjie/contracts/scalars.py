"""Single values of an event: texts in their forms, and the two rules about leaving out and listing.

Values keep the very text that the source wrote, so that digests hold: a date is a checked string here and
becomes a `date` where somebody computes with it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from xianjie.contracts import forms
from xianjie.contracts.plain import faults

T = TypeVar("T")

LONGEST_TEXT: Final = 4000
"""Longest free text, in characters (Unicode code points)."""


class NeverNull:
    """Marks a field that may be left out but is never null.

    JSON knows "no such member" and "null"; an event uses the first only, so that one fact has one form.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of `T` for the annotation `T | None`."""
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


class Composed:
    """Marks a text that must be in normalization form C, so that equal words have equal bytes."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the text with the check behind it."""
        return core_schema.no_info_after_validator_function(_composed, handler(source))


def _composed(text: str) -> str:
    if not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        raise PydanticCustomError("text_not_nfc", "not in normalization form C")
    return text


def _exchangeable(value: dict[str, Any]) -> dict[str, Any]:
    for fault, _ in faults(value):
        raise PydanticCustomError(f"json_{fault}", "not a JSON value that everybody reads alike")
    return value


OrAbsent = Annotated[T | None, NeverNull()]
"""A value that may be left out."""

Many = Annotated[tuple[T, ...], Strict(False)]
"""A list of values; lists of JSON become tuples, nothing else is coerced."""

Text = Annotated[str, Field(max_length=LONGEST_TEXT), Composed()]
Bool = bool
Int = int
Fen = Annotated[int, Field(json_schema_extra={"x-unit": "fen"})]
Decimal = Annotated[str, forms.DECIMAL]
Date = Annotated[str, forms.DATE]
Instant = Annotated[str, forms.INSTANT]
DateOrInstant = Annotated[str, forms.DATE_OR_INSTANT]
Digest = Annotated[str, forms.DIGEST]
Json = Annotated[dict[str, Any], AfterValidator(_exchangeable)]
OrganId = Annotated[str, forms.ORGAN_ID]
CaseId = Annotated[str, forms.CASE_ID]
PartyId = Annotated[str, forms.PARTY_ID]
DocumentId = Annotated[str, forms.DOCUMENT_ID]
RowId = Annotated[str, forms.ROW_ID]
RuleId = Annotated[str, forms.RULE_ID]
OffenceId = Annotated[str, forms.OFFENCE_ID]
FactName = Annotated[str, forms.FACT_NAME]
FactWord = Annotated[str, forms.FACT_WORD]
AgencyCode = Annotated[str, forms.AGENCY_CODE]
RegionCode = Annotated[str, forms.REGION_CODE]
Source = Annotated[str, forms.SOURCE]
EventId = Annotated[str, forms.EVENT_ID]
PlatformId = Annotated[str, forms.PLATFORM_ID]
Sequence = Annotated[str, forms.SEQUENCE]
CorrelationId = Annotated[str, forms.CORRELATION]
CausationId = Annotated[str, forms.CAUSATION]
PartitionKey = Annotated[str, forms.PARTITION]
Signature = Annotated[str, forms.SIGNATURE]
TraceParent = Annotated[str, forms.TRACE_PARENT]
TraceState = Annotated[str, forms.TRACE_STATE]

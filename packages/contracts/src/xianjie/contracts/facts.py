"""Facts of a case as somebody established them: value, interval or unknown, and how certain.

The names of facts and of their words are the law's (standards); a contract knows only their form.
"""

from __future__ import annotations

from decimal import Decimal as Number
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, WithJsonSchema, model_validator

from xianjie.contracts import enums
from xianjie.contracts.scalars import (
    Bool,
    Decimal,
    DocumentId,
    FactName,
    FactWord,
    Fen,
    Int,
    Many,
    OrAbsent,
    PartyId,
    Text,
)
from xianjie.contracts.values import PERSONAL, Value, wrong


class _Interval(Value):
    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["min"]}, {"required": ["max"]}]})

    min_open: OrAbsent[bool] = Field(default=None, title="下限不含")
    max_open: OrAbsent[bool] = Field(default=None, title="上限不含")

    def _check(self, least: Number | int | None, most: Number | int | None) -> None:
        if least is None and most is None:
            raise wrong("interval_without_bound")
        if least is not None and most is not None and least > most:
            raise wrong("interval_empty", "max", min=str(least), max=str(most))


class WholeInterval(_Interval):
    """An interval of a count or of money in its smallest unit. An absent bound is unbounded."""

    unit: Literal["fen", "int", "usd_cents"] = Field(title="单位")
    min: OrAbsent[Int] = Field(default=None, title="下限")
    max: OrAbsent[Int] = Field(default=None, title="上限")

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        self._check(self.min, self.max)
        return self


class DecimalInterval(_Interval):
    """An interval of an exact measure. An absent bound is unbounded."""

    unit: Literal["decimal"] = Field(title="单位")
    min: OrAbsent[Decimal] = Field(default=None, title="下限")
    max: OrAbsent[Decimal] = Field(default=None, title="上限")

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        self._check(
            None if self.min is None else Number(self.min), None if self.max is None else Number(self.max)
        )
        return self


Interval = Annotated[WholeInterval | DecimalInterval, Discriminator("unit")]


def _only_true(value: bool) -> bool:
    if not value:
        raise wrong("only_true")
    return value


OnlyTrue = Annotated[Bool, AfterValidator(_only_true), WithJsonSchema({"const": True})]


class FactValue(Value):
    """The value of a fact: exactly one of the members."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    bool: OrAbsent[Bool] = Field(default=None, title="是否")
    int: OrAbsent[Int] = Field(default=None, title="整数")
    decimal: OrAbsent[Decimal] = Field(default=None, title="小数")
    fen: OrAbsent[Fen] = Field(default=None, title="金额（分）")
    usd_cents: OrAbsent[Int] = Field(
        default=None, title="金额（美分）", json_schema_extra={"x-unit": "usd_cent"}
    )
    enum: OrAbsent[FactWord] = Field(default=None, title="选项")
    interval: OrAbsent[Interval] = Field(default=None, title="区间")
    unknown: OrAbsent[OnlyTrue] = Field(default=None, title="未知")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise wrong("fact_value_count", count=len(self.model_fields_set))
        return self


class Fact(Value):
    """One fact about the case or about one party, and the documents that it rests on."""

    fact: FactName = Field(title="事实名称", description="name in the standards")
    party: OrAbsent[PartyId] = Field(default=None, title="当事人", json_schema_extra=PERSONAL)
    value: FactValue = Field(title="取值")
    certainty: enums.Certainty = Field(title="确定程度")
    documents: OrAbsent[Many[DocumentId]] = Field(default=None, title="依据的文书")
    method: OrAbsent[Text] = Field(default=None, title="认定方法")
    derived: OrAbsent[bool] = Field(default=None, title="是否推算")
    note: OrAbsent[Text] = Field(default=None, title="备注", description="keeps the wording, never parsed")


class Searched(Value):
    """The statement of a person that these facts were looked for and not found."""

    facts: Many[FactName] = Field(title="事实名称")
    how: Text = Field(title="查找方式")

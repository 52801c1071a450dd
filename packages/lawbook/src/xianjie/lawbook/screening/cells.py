"""What one cell of a file says, exactly: amounts, counts, yes and no, days, provinces, values of an enum.

A cell that cannot be read without guessing is a fault that says what is wrong and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import normalize

from xianjie.lawbook.standards.catalogue import Fact, FactType
from xianjie.lawbook.standards.values import EXACT


class CellFault(ValueError):
    """A cell cannot be read; `zh` and `en` say what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} / {en}")


# What officers write where nothing is known.
UNKNOWN_WORDS = frozenset(
    (
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "未知",
        "不详",
        "不明",
        "不清",
        "待查",
        "未查明",
        "unknown",
        "null",
        "n/a",
    )
)
_TRUE = frozenset(("是", "有", "true", "yes", "y", "1", "√", "t"))
_FALSE = frozenset(("否", "无", "没有", "false", "no", "n", "0", "×", "f"))
_POWERS = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_NUMBER = re.compile(r"(?P<sign>[+-]?)[¥$]?(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?P<part>\.\d+)?(?P<unit>\D*)")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
# Days that a penalty can have; the serial numbers of the same years in a spreadsheet.
_FIRST_DAY, _LAST_DAY = date(1979, 1, 1), date(2199, 12, 31)
_SERIAL_ZERO = date(1899, 12, 30)
# The law data names the values of an enum in English only.
ENUM_WORDS: Mapping[str, tuple[str, ...]] = {
    "individual": ("自然人", "个人", "公民"),
    "unit": ("单位", "法人", "企业", "公司"),
    "full": ("全部责任", "全部", "全责"),
    "main": ("主要责任", "主要", "主责"),
    "equal": ("同等责任", "同等"),
    "secondary": ("次要责任", "次要", "次责"),
    "none": ("无责任", "无责", "不负责任"),
}


def plain(text: str) -> str:
    """Return the text with full-width signs made half-width and without blanks at its ends."""
    return normalize("NFKC", text).strip()


def is_unknown(text: str) -> bool:
    """Whether the cell says that nothing is known."""
    return plain(text).lower() in UNKNOWN_WORDS


def unit_words(fact: Fact) -> tuple[str, ...]:
    """Return the words for the unit of a fact."""
    if fact.measured_in is None:
        return ()
    words = {plain(fact.measured_in.name_zh), fact.measured_in.code, fact.measured_in.name_en}
    if fact.unit == "CNY":
        words |= {"人民币", "人民币元", "圆", "RMB"}
    return tuple(sorted(words))


def power_of_unit(said: str, fact: Fact) -> int | None:
    """Return the power of ten of a unit as it is written (万元: 4), None where it is another unit.

    Fen are -2. No unit is converted into another one, because a wrong guess would shift every amount.
    """
    said = plain(said).removeprefix("单位").removeprefix(":").removeprefix("人民币") or "元"
    if fact.unit == "CNY" and said == "分":
        return -2
    for words, power in _POWERS.items():
        if said in {f"{words}{unit}" for unit in unit_words(fact)}:
            return power
    return None


def number(text: str, fact: Fact, *, unit: str | None, power: int) -> Decimal:
    """Return the number of a cell in the unit of the fact (yuan for money).

    Args:
        unit: the unit that the header states; None where it states none, then the cell may state its own.
        power: power of ten of the header's unit.

    Raises:
        CellFault: it is no such number, negative, or finer than the fact can be.
    """
    said = plain(text)
    if _SCIENTIFIC.fullmatch(said):
        raise CellFault(
            f"“{text}”是科学计数法，尾数可能已经丢失；请把该列设为数值或文本格式后重新导出",
            "scientific notation may have lost digits; export the column as plain numbers",
        )
    if said.startswith("≈"):
        raise CellFault(
            f"“{said[1:]}”以浮点数保存且超过15位有效数字，不能确定原来的数；请把该列存为文本或者定点数",
            "a binary fraction of more than 15 digits does not say which number was meant; store it as text",
        )
    match = _NUMBER.fullmatch(said)
    if match is None:
        raise CellFault(
            f"“{text}”不是一个数；请只填一个确数（如 51234.50），不清楚的留空",
            "not a number; enter one exact number, or leave the cell empty",
        )
    value = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    if match["sign"] == "-" and value:
        raise CellFault(
            f"“{text}”是负数；该事实不能为负，请更正", "negative; this fact cannot be, please correct"
        )
    exact = EXACT.scaleb(value, _power(match["unit"], fact, unit=unit, power=power))
    if fact.type is FactType.integer and exact != exact.to_integral_value():
        raise CellFault(
            f"“{text}”不是整数；“{fact.label_zh}”按整数计，请更正",
            "not a whole number; this fact is counted in whole numbers",
        )
    if fact.type is FactType.money and EXACT.scaleb(exact, 2) % 1:
        raise CellFault(
            f"“{text}”含不足一分的尾数（可能是公式算出的值）；请四舍五入到分后重新导出",
            "finer than one fen (perhaps the value of a formula); round to fen and export anew",
        )
    return exact


def _power(said: str, fact: Fact, *, unit: str | None, power: int) -> int:
    said = said.strip()
    if not said:
        return power
    found = power_of_unit(f"{said}{_only_unit(fact)}" if said in _POWERS else said, fact)
    if found is None:
        raise CellFault(
            f"数后的“{said}”不是该事实的单位；请换算后只填数字",
            f"{said!r} is not the unit of this fact; convert and enter the number alone",
        )
    if unit is not None and found != power:
        raise CellFault(
            f"单元格写的单位“{said}”与表头的单位“{unit}”不一致；请统一后只填数字",
            f"the unit of the cell differs from that of the header, {unit!r}; enter the number alone",
        )
    return found


def _only_unit(fact: Fact) -> str:
    return "" if fact.measured_in is None else plain(fact.measured_in.name_zh)


def truth(text: str) -> bool:
    """Return yes or no.

    Raises:
        CellFault: it is neither.
    """
    said = plain(text).lower()
    if said in _TRUE:
        return True
    if said in _FALSE:
        return False
    raise CellFault(
        f"“{text}”不是“是”或“否”；请填“是”“否”，不清楚的留空",
        "neither yes nor no; enter 是 or 否, or leave the cell empty",
    )


def day(text: str) -> date:
    """Return a civil day: 2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日, 20240301, or a spreadsheet's number.

    Raises:
        CellFault: it is no day, only a month or a year, or one that cannot be meant.
    """
    said = _CLOCK.sub("", plain(text))
    match = _DAY.fullmatch(said)
    try:
        if match is not None:
            year, *months, of_month = match.groups()
            found = date(int(year), int(next(month for month in months if month)), int(of_month))
        elif re.fullmatch(r"\d{8}", said):
            found = date(int(said[:4]), int(said[4:6]), int(said[6:]))
        elif re.fullmatch(r"\d{5}(\.\d+)?", said):
            found = _SERIAL_ZERO + timedelta(days=int(said.partition(".")[0]))
        else:
            raise ValueError
    except ValueError:
        raise CellFault(
            f"“{text}”不是完整的日期；请写到日（如 2024-03-01），不清楚的留空",
            "not a full day; write year, month and day, or leave the cell empty",
        ) from None
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise CellFault(
            f"“{text}”（{found}）不在{_FIRST_DAY.year}年至{_LAST_DAY.year}年之间；请核对",
            f"{found} lies outside {_FIRST_DAY.year} to {_LAST_DAY.year}; please check",
        )
    return found


def one_of(text: str, fact: Fact) -> str:
    """Return the value of an enum, given as in the law data or in Chinese.

    Raises:
        CellFault: the fact has no such value.
    """
    said = plain(text)
    for value in fact.values:
        if said == value or said in ENUM_WORDS.get(value, ()):
            return value
    known = "、".join(ENUM_WORDS.get(value, (value,))[0] for value in fact.values)
    raise CellFault(
        f"“{text}”不是该事实的取值；请填：{known}，不清楚的留空",
        f"no value of this fact; use one of {', '.join(fact.values)}, or leave the cell empty",
    )

"""Provinces as records name them, to the codes under which the law data keeps provincial amounts.

Source: GB/T 2260 (codes of administrative divisions, first two digits), written as ISO 3166-2 with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xianjie.lawbook.screening.cells import CellFault, plain

_NAMES = {
    11: "北京市", 12: "天津市", 13: "河北省", 14: "山西省", 15: "内蒙古自治区",
    21: "辽宁省", 22: "吉林省", 23: "黑龙江省",
    31: "上海市", 32: "江苏省", 33: "浙江省", 34: "安徽省", 35: "福建省", 36: "江西省", 37: "山东省",
    41: "河南省", 42: "湖北省", 43: "湖南省", 44: "广东省", 45: "广西壮族自治区", 46: "海南省",
    50: "重庆市", 51: "四川省", 52: "贵州省", 53: "云南省", 54: "西藏自治区",
    61: "陕西省", 62: "甘肃省", 63: "青海省", 64: "宁夏回族自治区", 65: "新疆维吾尔自治区",
}  # fmt: skip
_SUFFIX = re.compile(r"(省|市|(壮族|回族|维吾尔)?自治区)$")
_CODE = re.compile(r"(?:CN-)?(\d{2})(?:\d{4})?")

PROVINCES: Mapping[str, str] = {f"CN-{code}": name for code, name in _NAMES.items()}
_BY_NAME = {name: code for code, full in PROVINCES.items() for name in (full, _SUFFIX.sub("", full))}


def province(text: str) -> str:
    """Return the code of a province: 四川, 四川省, 四川省成都市, CN-51, 51, 510000 or 510104.

    Raises:
        CellFault: it names no province of the table.
    """
    said = plain(text)
    found = _BY_NAME.get(said)
    if found is None and (match := _CODE.fullmatch(said)) is not None:
        found = f"CN-{match[1]}"
    if found is None:
        found = next((code for code, name in PROVINCES.items() if said.startswith(name)), None)
    if found is None or found not in PROVINCES:
        raise CellFault(
            f"“{text}”不是已知的省级行政区；请填省名或代码（如 四川省、CN-51），不清楚的留空",
            "no known province; enter its name or code (四川省, CN-51), or leave the cell empty",
        )
    return found

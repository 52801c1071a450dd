"""What the tests of `xianjie law screen` share: a small file of records and its worklist."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tests.command.law_commands import Done, xianjie_law

HEADER = [
    "决定书文号",
    "案由",
    "销售明知是假冒注册商标的商品",
    "销售金额",
    "行为日期",
    "决定日期",
    "省份",
    "当事人",
]
ROWS = [
    ["甲1", "销售侵犯注册商标专用权的商品案", "是", "50000.00", "2025-06-01", "2025-09-01", "四川省", "张某"],
    ["甲2", "销售侵犯注册商标专用权的商品案", "是", "49999.99", "2025-06-01", "2025-09-01", "四川省", "李某"],
    ["甲3", "占道经营", "", "60000", "2025-06-01", "2025-09-01", "四川省", "王某"],
    ["甲4", "占道经营", "是", "", "", "2025-09-01", "", "赵某"],
]
OFFENCE = "sale_counterfeit_trademark_goods"


def text(rows: Sequence[Sequence[str]], separator: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def lines(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def of_offence(found: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    return [(line["记录编号"], line["情形"]) for line in found if line["罪名代码"] == OFFENCE]


REACHED = [
    ("甲1", "已达到立案追诉标准"),
    ("甲2", "构成要件已具备，数额或情节待查"),
    ("甲4", "构成要件已具备，数额或情节待查"),
]


def screened(path: Path, *words: object) -> tuple[Done, list[dict[str, str]]]:
    out = path.with_name("out.csv")
    done = xianjie_law("screen", path, "--out", out, *words)
    return done, lines(out)

"""A file of penalty records for the benchmark of screening: realistic in its columns, not in its persons.

Every record is of one kind of case with its cause of action and the facts that such a file records; most
amounts lie below the limits, some at them and above, some are not known. The same seed gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

SEED = 20260516
SLICE = 100_000
_PROVINCES = ("四川省", "辽宁省", "江苏省", "北京市", "重庆市", "河南省", "广东省", "湖南省")
_FIRST, _DAYS = date(2010, 1, 1), 5900


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case.

    Attributes:
        conduct: facts that are mostly true.
        amounts: amounts in yuan with the amount around which they lie.
        counts: counts, with the greatest.
        measures: decimals (tonnes, cubic metres, mg/100 ml), with the amount around which they lie.
    """

    cause: str
    conduct: tuple[str, ...]
    amounts: tuple[tuple[str, int], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    measures: tuple[tuple[str, int], ...] = ()


KINDS = (
    Kind("销售侵犯注册商标专用权的商品案", ("sold_counterfeit_knowing",),
         (("sales_amount", 50_000), ("unsold_goods_value", 150_000), ("illegal_income", 30_000))),
    Kind("侵犯注册商标专用权案", ("counterfeit_goods_mark",),
         (("illegal_business_amount", 50_000), ("illegal_income", 30_000))),
    Kind("生产、销售不合格产品案", ("adulterated_or_substandard",),
         (("sales_amount", 50_000), ("unsold_goods_value", 150_000))),
    Kind("生产经营不符合食品安全标准的食品案", ("food_below_standard",),
         (("sales_amount", 20_000), ("illegal_income", 10_000))),
    Kind("无烟草专卖零售许可证经营烟草制品零售业务案", ("tobacco_without_licence",),
         (("illegal_business_amount", 50_000), ("illegal_income", 20_000))),
    Kind("拖欠劳动报酬案", ("evading_or_refusing_wages", "ordered_to_pay_and_not_paid"),
         (("max_single_worker_arrears", 12_000), ("total_wage_arrears", 60_000)), (("unpaid_workers", 25),)),
    Kind("未取得采矿许可证擅自采矿案", ("mining_without_permit",), (("mineral_value", 150_000),)),
    Kind("盗伐林木案", ("timber_theft_conduct",), (), (("saplings", 300),), (("timber_m3", 5),)),
    Kind("违反安全生产管理规定案", ("work_safety_violation", "accident_occurred"),
         (("direct_economic_loss", 1_000_000),), (("deaths", 2), ("serious_injuries", 4))),
    Kind("违法排放污染物案", ("illegal_discharge",), (("illegal_income", 200_000),), (),
         (("hazardous_waste_tonnes", 3),)),
    Kind("饮酒后驾驶机动车案", ("drove_motor_vehicle_on_road",), (), (), (("blood_alcohol", 80),)),
    Kind("发布虚假广告案", ("false_advertising_conduct",), (("illegal_income", 100_000),)),
    Kind("占道经营案", ()),  # every second record: nothing that a standard reads
)  # fmt: skip


def records(count: int) -> Iterator[pl.DataFrame]:
    """Yield the records in slices, with values as a database has them."""
    for start in range(0, count, SLICE):
        numbers = pl.int_range(start, min(start + SLICE, count), dtype=pl.UInt64, eager=True)
        yield pl.DataFrame([numbers.alias("number")]).select(_columns())


def written(count: int, directory: Path) -> tuple[Path, Path]:
    """Write the records as CSV, as people export them, and as Parquet; return both files."""
    csv, parquet = directory / "penalties.csv", directory / "penalties.parquet"
    parts = []
    with csv.open("wb") as stream:
        for place, part in enumerate(records(count)):
            part.write_parquet(directory / f"part-{place:04}.parquet")
            parts.append(directory / f"part-{place:04}.parquet")
            booleans = [name for name, dtype in part.schema.items() if dtype == pl.Boolean]
            words = [pl.col(name).replace_strict([True, False], ["是", "否"]) for name in booleans]
            part.with_columns(words).write_csv(stream, include_header=place == 0)
    pl.scan_parquet(parts).sink_parquet(parquet)
    for path in parts:
        path.unlink()
    return csv, parquet


def _columns() -> list[pl.Expr]:
    kind = (_drawn("kind") % (2 * len(KINDS))).clip(upper_bound=len(KINDS) - 1)
    act = pl.lit(_FIRST) + pl.duration(days=_drawn("act") % _DAYS)
    columns = [
        pl.format("罚字〔{}〕{}号", 2010 + _drawn("year") % 16, pl.col("number")).alias("决定书文号"),
        _one_of(kind, [item.cause for item in KINDS]).alias("案由"),
        pl.when(_drawn("known") % 20 > 0).then(act).alias("行为日期"),
        (act + pl.duration(days=20 + _drawn("later") % 900)).alias("决定日期"),
        _one_of(_drawn("province") % len(_PROVINCES), list(_PROVINCES)).alias("省份"),
        _one_of(_drawn("party") % 3, ["individual", "unit", None]).alias("subject_type"),
        pl.when(_drawn("again") % 4 == 0).then(_drawn("times") % 4).alias("prior_admin_penalties_2y"),
    ]
    of_fact: dict[str, list[tuple[int, pl.Expr]]] = {}
    for place, item in enumerate(KINDS):
        for name in item.conduct:
            of_fact.setdefault(name, []).append((place, _drawn(name) % 8 > 0))
        for name, around in item.amounts:
            of_fact.setdefault(name, []).append((place, _amount(name, around * 100, 2)))
        for name, most in item.counts:
            of_fact.setdefault(name, []).append((place, (_drawn(name) % (most + 1)).cast(pl.Int64)))
        for name, around in item.measures:
            of_fact.setdefault(name, []).append((place, _amount(name, around * 100, 2)))
    for name, values in of_fact.items():
        column = pl.lit(None)
        for place, value in values:
            column = (
                pl.when((kind == place) & (_drawn(f"{name} known") % 5 > 0)).then(value).otherwise(column)
            )
        columns.append(column.alias(name))
    return columns


def _drawn(what: str) -> pl.Expr:
    """Return an evenly spread whole number for each record, another one for each purpose."""
    return pl.concat_str([pl.lit(f"{what} "), pl.col("number").cast(pl.String)]).hash(SEED)


def _amount(name: str, around: int, decimals: int) -> pl.Expr:
    """Return amounts, as decimals, of which one in seven reaches the given one."""
    part = (_drawn(name) % 1200).cast(pl.Int64)
    scaled = part * part * part // 1000 * around // 1_100_000
    digits = scaled.cast(pl.String).str.zfill(decimals + 1)
    return pl.concat_str([digits.str.slice(0, digits.str.len_chars() - decimals), pl.lit("."),
                          digits.str.slice(-decimals)]).cast(pl.Decimal(18, decimals))  # fmt: skip


def _one_of(number: pl.Expr, values: list[str | None]) -> pl.Expr:
    return number.replace_strict(list(range(len(values))), values, return_dtype=pl.String)

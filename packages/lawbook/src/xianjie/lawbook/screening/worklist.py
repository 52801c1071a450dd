"""The worklist as a table: one line for each record and each offence that it reaches or comes near to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xianjie.lawbook.screening.batches import ROW, Refusal
from xianjie.lawbook.screening.columns import Layout, Role
from xianjie.lawbook.screening.findings import RESULTS_ZH, STAGES_ZH, Finding
from xianjie.lawbook.screening.screener import Lines, Screened
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.standards.judging import judge
from xianjie.lawbook.words.explaining import explain_zh

# The columns in their order, with the words that officers read; machines read the names.
TITLES = {
    Role.record.value: "记录编号",
    ROW: "行号",
    Role.organ.value: "处罚机关",
    Role.cause.value: "案由",
    Role.act_day.value: "行为日期",
    Role.decision_day.value: "决定日期",
    Role.province.value: "省份代码",
    "stage": "情形",
    "offence": "罪名代码",
    "offence_zh": "罪名",
    "by_cause": "案由对应",
    "result": "结论",
    "enumerated": "列举结论",
    "version": "适用版本",
    "clauses": "条款",
    "limbs": "达到的条款及内容",
    "sources": "标准出处",
    "missing": "尚缺事实",
    "pending": "须由人判断",
    "note": "说明",
    "reading": "阅读顺序",
    "explanation": "理由",
    "law": "法律数据",
}
REFUSAL_TITLES = {
    "row": "行号",
    "record": "记录编号",
    "column": "列",
    "cell": "内容",
    "zh": "问题及处理办法",
    "en": "problem and what to do",
}
_BETWEEN = "；"


class Worklist:
    """Turns what was screened into tables of text.

    Attributes:
        columns: names of the columns in their order; columns that were only kept have their own header.
        titles: the words above them, by name.
    """

    def __init__(
        self, layout: Layout, standards: Standards, *, law: str, explain: bool, reading: bool, coded: bool
    ) -> None:
        """Prepare the columns.

        Args:
            law: digest of the law data, which stands in every line.
            explain: add the explanation of every judgement, which is made for each line.
            reading: add the column of the reading list.
            coded: for programs: stages and results by their codes instead of Chinese words.
        """
        self._standards = standards
        self._law = law
        self._explain = explain
        self._coded = coded
        left_out = {name for name, wanted in (("reading", reading), ("explanation", explain)) if not wanted}
        named = tuple(name for name in TITLES if name not in left_out)
        taken = {*TITLES, *TITLES.values(), *Role, *_WORDS}
        self._kept: dict[str, str] = {}
        for column in layout.kept:
            header = column.header or f"第{column.place + 1}列"
            while header in taken:
                header += "（原列）"
            taken.add(header)
            self._kept[str(column.place)] = header
        self.columns = (*named, *self._kept.values())
        self.titles = TITLES

    def table(self, screened: Screened) -> pl.DataFrame:
        """Return the lines of one batch by row of the file, the nearest stage first; every column is text."""
        parts = [self._part(lines) for lines in screened.lines if lines.places]
        if not parts:
            return pl.DataFrame(schema=dict.fromkeys(self.columns, pl.String))
        table = pl.concat(parts).sort(ROW, "order", maintain_order=True)
        return table.with_columns(pl.lit(self._law).alias("law")).select(pl.col(self.columns).cast(pl.String))

    def _part(self, lines: Lines) -> pl.DataFrame:
        different = {id(finding): finding for finding in lines.findings}
        numbers = {name: number for number, name in enumerate(different)}
        words = [self._words(finding) for finding in different.values()]
        said = pl.DataFrame(words, schema=_WORDS, orient="row")
        part = lines.carried.rename(self._kept)[lines.places].hstack(
            said[[numbers[id(finding)] for finding in lines.findings]]
        )
        columns = [pl.Series("by_cause", ["是" if pointed else "" for pointed in lines.pointed])]
        if self._explain:
            columns.append(pl.Series("explanation", list(self._explained(lines)), dtype=pl.String))
        return part.with_columns(columns)

    def _words(self, finding: Finding) -> tuple[object, ...]:
        results = (finding.result, finding.enumerated)
        return (
            int(finding.stage),
            finding.stage.name if self._coded else STAGES_ZH[finding.stage],
            finding.offence,
            finding.offence_zh,
            *("" if each is None else each.value if self._coded else RESULTS_ZH[each] for each in results),
            finding.version,
            *(_BETWEEN.join(each) for each in (finding.clauses, finding.limbs, finding.sources)),
            *(_BETWEEN.join(each) for each in (finding.missing, finding.pending)),
            finding.note,
            _BETWEEN.join(finding.reading),
        )

    def _explained(self, lines: Lines) -> Iterator[str]:
        for place, finding in zip(lines.places, lines.findings, strict=True):
            given = lines.given(finding.offence, place) if finding.offence else None
            yield "" if given is None else explain_zh(judge(self._standards, given))


def refusals(refused: tuple[Refusal, ...]) -> pl.DataFrame:
    """Return refused cells as a table of text; every cell with a fault has a line."""
    rows = [(str(each.row), each.record, each.column, each.cell, each.zh, each.en) for each in refused]
    return pl.DataFrame(rows, schema=dict.fromkeys(REFUSAL_TITLES, pl.String), orient="row")


_WORDS: dict[str, type[pl.DataType]] = {
    "order": pl.Int64,
    **dict.fromkeys(
        (
            "stage",
            "offence",
            "offence_zh",
            "result",
            "enumerated",
            "version",
            "clauses",
            "limbs",
            "sources",
            "missing",
            "pending",
            "note",
            "reading",
        ),
        pl.String,
    ),
}

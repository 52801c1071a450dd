"""`xianjie law judge`: worked cases judged, and compared with what they expect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.replay.judgement_questions import JudgementQuestion, judged
from xianjie.lawbook.replay.recording import judgement_record, line_of
from xianjie.lawbook.standards.judging import Judgement
from xianjie.lawbook.standards.worked_cases import WorkedCase, answer, differences, read_cases
from xianjie.lawbook.words.explaining import explain_en, explain_zh

from ..words import RESULTS
from .app import complain, say
from .bundling import opened

_COLUMNS = ("编号", "案情", "结论", "仅按列明各项", "适用版本", "相符")
_WIDTH = 170


@dataclass(frozen=True, slots=True)
class Judged:
    """A worked case with its judgement, and what of it is not as expected."""

    case: WorkedCase
    judgement: Judgement
    differs: tuple[str, ...]

    def as_json(self, law: str) -> dict[str, Any]:
        """Return the line of the interface; `differs` stands there where something was expected."""
        compared = {} if self.case.expected is None else {"differs": list(self.differs)}
        return {
            "id": self.case.id,
            **answer(self.judgement),
            "explanation_zh": explain_zh(self.judgement),
            "explanation_en": explain_en(self.judgement),
            "law": law,
            **compared,
        }


def judge(files: Sequence[Path], *, law: Path, as_json: bool, record: Path | None, explain: bool) -> int:
    """Judge the cases of the files; 1 where a case expects something else than what came out.

    Raises:
        LawError: the law or a file of cases breaks its format.
        OSError: a file cannot be read or written.
    """
    lawbook = opened(law)
    done = list(_judged(lawbook, files, record))
    if as_json:
        for each in done:
            say(exact_json(each.as_json(lawbook.digest)))
    else:
        _tell(done, explain=explain)
    expecting = [each for each in done if each.case.expected is not None]
    wrong = sum(1 for each in expecting if each.differs)
    complain(
        f"{len(done)} 件，与预期相符 {len(expecting) - wrong} 件，不符 {wrong} 件 / "
        f"{len(done)} cases, {len(expecting) - wrong} as expected, {wrong} differ"
    )
    return 1 if wrong else 0


def _judged(lawbook: Lawbook, files: Iterable[Path], record: Path | None) -> Iterator[Judged]:
    with nullcontext() if record is None else record.open("wb") as records:
        for file in files:
            for case in read_cases(file.read_bytes(), file=str(file), standards=lawbook.standards):
                question = JudgementQuestion(case.given)
                judgement = judged(lawbook.standards, question)
                if records is not None:
                    sealed = judgement_record(case.given, judgement, law=lawbook.digest, question=question)
                    records.write(line_of(sealed))
                yield Judged(case, judgement, tuple(differences(case, judgement)))


def _tell(done: Sequence[Judged], *, explain: bool) -> None:
    if explain:
        for each in done:
            say(f"【{each.case.id}】{each.case.title_zh}")
            say(explain_zh(each.judgement))
            say(explain_en(each.judgement) + "\n")
    say(_table(done))
    for each in done:
        for difference in each.differs:
            say(f"不符 / differs: {each.case.id}: {difference}")


def _table(done: Sequence[Judged]) -> str:
    grid = Table(pad_edge=False)
    for column in _COLUMNS:
        grid.add_column(column, overflow="fold")
    for each in done:
        judgement, expected = each.judgement, each.case.expected
        attempt = "（未遂）" if judgement.outcome == "attempt" else ""
        grid.add_row(
            each.case.id,
            each.case.title_zh,
            RESULTS[judgement.result] + attempt,
            RESULTS[judgement.enumerated],
            judgement.version or "无",
            "—" if expected is None else "不符" if each.differs else "相符",
        )
    written = StringIO()
    Console(file=written, width=_WIDTH, force_terminal=False).print(grid)
    return written.getvalue().rstrip()


def exact_json(value: Any) -> str:
    """Return a value as one line of JSON, decimals as exact numbers and days as text."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(name)}: {exact_json(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(exact_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

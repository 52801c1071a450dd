"""What a recomputation changed: the former due stays as it was said, the new one tells what moved and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xianjie.lawbook.procedure.counting import Line
from xianjie.lawbook.procedure.dues import Bounds, Due, JudgedExtension


@dataclass(frozen=True, slots=True)
class Comparison:
    """A former due beside a new one.

    Attributes:
        moved: whether the end, its being provisional, or the verdict on an extension differs; a difference in
            the words of the count alone moves nothing.
        lines: what moved, then the steps of the count that differ.
    """

    moved: bool
    lines: tuple[Line, ...]


def compare(old: Due, new: Due) -> Comparison:
    """Return what moved between two dues of the same term, and the steps of the count that differ."""
    moves = (*_ends(old, new), *_settled(old, new), *_verdicts(old.extensions, new.extensions))
    if not moves:
        same = Line(f"届满日不变：{_words(new)}", f"the due is the same: {_words(new)}")
        return Comparison(False, (same,))
    gone = _steps(old.lines, new.lines, "原计算", "formerly")
    come = _steps(new.lines, old.lines, "现计算", "now")
    return Comparison(True, (*moves, *gone, *come))


def _ends(old: Due, new: Due) -> Iterator[Line]:
    if old.as_json() != new.as_json():
        yield Line(
            f"届满日由{_words(old)}改为{_words(new)}", f"the due moved from {_words(old)} to {_words(new)}"
        )


def _settled(old: Due, new: Due) -> Iterator[Line]:
    if old.provisional and not new.provisional:
        yield Line("节假日安排已载入，不再暂定", "the holiday notice is loaded: no longer provisional")
    elif new.provisional and not old.provisional:
        yield Line("所涉节假日安排未载入，改为暂定", "a holiday notice is missing: now provisional")


def _verdicts(old: Iterable[JudgedExtension], new: Iterable[JudgedExtension]) -> Iterator[Line]:
    before = {each.extension: each.counts for each in old}
    for each in new:
        if each.extension in before and before[each.extension] != each.counts:
            name = each.extension.reference
            yield Line(f"延长{name}：{each.reason.zh}", f"extension {name}: {each.reason.en}")


def _steps(lines: Iterable[Line], others: Iterable[Line], zh: str, en: str) -> Iterator[Line]:
    known = {line.zh for line in others}
    for line in lines:
        if line.zh not in known:
            yield Line(f"{zh}：{line.zh}", f"{en}: {line.en}")


def _words(due: Due) -> str:
    if due.working is not None:
        return f"{_bounds(due.calendar)} | {_bounds(due.working)}"
    return _bounds(due.calendar)


def _bounds(bounds: Bounds) -> str:
    value = bounds.as_json()
    return f"{value['earliest'] or '?'}…{value['latest'] or '?'}" if isinstance(value, dict) else str(value)

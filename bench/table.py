"""What a benchmark prints: a figure of ours, the limit of the same run, and what they are to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

# Wide enough that no figure is cut where the output goes into a file.
_WIDTH = 168


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        what: the path that was measured.
        unit: of both figures.
        ours: one figure for each round.
        limit: the limit's figure of the same rounds, in the same order; empty where there is none.
        against: what the limit is.
        goal: the figure to reach, in words; empty where none is set.
    """

    what: str
    unit: str
    ours: Sequence[float]
    limit: Sequence[float] = ()
    against: str = ""
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Median of the ratios of neighbouring rounds: what disturbs both of a pair cancels out."""
        if not self.limit:
            return None
        return median(mine / theirs for mine, theirs in zip(self.ours, self.limit, strict=True))


def show(name: str, rows: Sequence[Row], *, notes: Sequence[str] = ()) -> None:
    """Print the rows of one benchmark and what has to be known to read them."""
    table = Table(title=name, title_justify="left")
    table.add_column("what", overflow="fold")
    table.add_column("ours: median (min-max)", justify="right")
    table.add_column("limit: median (min-max)", justify="right")
    table.add_column("limit is", overflow="fold")
    table.add_column("ratio", justify="right")
    table.add_column("goal", overflow="fold")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
        ours, limit = _spread(row.ours, row.unit), _spread(row.limit, row.unit)
        table.add_row(row.what, ours, limit, row.against, ratio, row.goal)
    console = Console(width=_WIDTH)
    console.print(table)
    for note in notes:
        console.print(f"  {note}", highlight=False)


def _spread(figures: Sequence[float], unit: str) -> str:
    if not figures:
        return ""
    return f"{_short(median(figures))} ({_short(min(figures))}-{_short(max(figures))}) {unit}"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"

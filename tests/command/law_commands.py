"""What the tests of `xianjie law` share: run a command in this process, read its lines, write its input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from xianjie.command.law.app import law

LAW = Path(__file__).resolve().parents[2] / "law"
CASES = tuple(sorted((LAW / "cases" / "standards").glob("*.yaml")))

CASE = """\
cases:
  - id: X-1
    title_zh: 销售金额恰为5万元
    offence: fake_substandard_products
    act_date: 2024-05-10
    closed_world: true
    facts: {adulterated_or_substandard: true, sales_amount: 50000.00, unsold_goods_value: 0}
    expected: {version: fake_substandard_products@2008, result: met, enumerated: met}
"""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """The JSON lines of standard output, numbers exact."""
        return [json.loads(line, parse_float=Decimal) for line in self.out.splitlines()]


def xianjie_law(*words: object) -> Done:
    """Run `xianjie law` with the words."""
    result = CliRunner().invoke(law, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def written(path: Path, text: str | bytes) -> Path:
    """The path after the text was written there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path

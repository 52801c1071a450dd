"""`xianjie law`: what a lawyer and an officer ask of the law data, without any running system.

Exit codes as for every command: 0 all holds, 1 something does not hold, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xianjie.lawbook.problems import LawError
from xianjie.lawbook.rules import RuleFileError

from ..places import LAW

law = typer.Typer(help="法律数据 / the law as data", no_args_is_help=True)

LawOption = Annotated[Path, typer.Option("--law", help="法律数据目录 / directory of the law data")]
JsonOption = Annotated[bool, typer.Option("--json", help="每行一个 JSON / JSON lines on standard output")]


class Unusable(ValueError):
    """What was given cannot be used; the message says what, where and what to do, in both languages."""


def say(text: str) -> None:
    """Print for whoever reads standard output."""
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    """Print for whoever watches."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run(work: Callable[[], int]) -> None:
    """Run a command to its end and leave with its exit code."""
    try:
        code = work()
    except (Unusable, LawError, RuleFileError, OSError) as error:
        complain(f"错误 / error: {error}")
        code = 2
    raise typer.Exit(code)

"""The `xianjie` command: exit code 0 done and all holds, 1 something does not hold, 2 wrong use or input."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from xianjie.chassis import telemetry
from xianjie.chassis.postgres import PostgresRefusal

from .places import default_data
from .replay import Unreadable

app = typer.Typer(
    name="xianjie",
    help="衔接：行政执法与刑事司法衔接平台 / carries cases from administrative enforcement to criminal justice",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
DataOption = Annotated[
    Path | None, typer.Option("--data", help="数据目录 / data directory (default: XIANJIE_DATA)")
]
PortOption = Annotated[
    int, typer.Option("--port", envvar="XIANJIE_PORT", help="端口 / TCP port, 0 for a free one")
]
JsonOption = Annotated[bool, typer.Option("--json", help="每行一个 JSON / JSON lines on standard output")]


def say(text: str) -> None:
    """Print for whoever reads standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print for whoever watches."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run(work: Callable[[], Awaitable[int]]) -> None:
    """Run a command to its end and leave with its exit code."""
    telemetry.configure()
    try:
        code = asyncio.run(_uncancelled(work))
    except (Unreadable, PostgresRefusal) as error:
        complain(f"错误 / error: {error}")
        code = 2
    raise typer.Exit(code)


async def _uncancelled(work: Callable[[], Awaitable[int]]) -> int:
    return await work()


@app.command()
def up(data: DataOption = None, port: PortOption = 8600) -> None:
    """前台运行整个系统 / run the whole embedded system in the foreground; prints `ready <url>`."""
    from .serving import up as work  # noqa: PLC0415  starting is quick where nothing needless is imported

    run(lambda: work(data or default_data(), port=port, say=say))


@app.command()
def tour(data: DataOption = None, port: PortOption = 8600) -> None:
    """载入五十八件真实案例并列表，然后继续提供服务 / load the 58 real cases, print a table, keep serving."""
    from .touring import tour as work  # noqa: PLC0415

    run(lambda: work(data or default_data(), port=port, say=say, complain=complain))


@app.command()
def play(
    streams: Annotated[list[Path], typer.Argument(help="事件流文件 / NDJSON streams of events")],
    organs: Annotated[Path, typer.Option("--organs", help="机关名册 / registry of organs")],
    questions: Annotated[Path, typer.Option("--questions", help="问题 / one JSON question per line")],
    as_json: JsonOption = False,
) -> None:
    """在独立实例中重放事件流并回答问题 / play streams through an isolated instance and answer questions."""
    from .playing import play as work  # noqa: PLC0415

    run(
        lambda: work(streams, organs=organs, questions=questions, as_json=as_json, say=say, complain=complain)
    )


def main(arguments: list[str] | None = None) -> Any:
    """Parse the command line and run one command."""
    return app(args=arguments)

"""The `xianjie` command: exit code 0 done and all holds, 1 something does not hold, 2 wrong use or input."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from .law.app import law

app = typer.Typer(
    name="xianjie",
    help="衔接：行政执法与刑事司法衔接平台 / from administrative enforcement to criminal justice",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
log_app = typer.Typer(help="存证日志 / the log", no_args_is_help=True)
organs_app = typer.Typer(help="机关名册 / registry of organs", no_args_is_help=True)
keys_app = typer.Typer(help="密钥 / keys of agency systems", no_args_is_help=True)
parked_app = typer.Typer(help="搁置的案件 / parked cases", no_args_is_help=True)
for name, group in (("log", log_app), ("organs", organs_app), ("keys", keys_app), ("parked", parked_app)):
    app.add_typer(group, name=name)
app.add_typer(law, name="law")

ServiceArgument = Annotated[
    Literal["transfer", "notification", "audit"], typer.Argument(help="服务 / service that parked it")
]


class Scope(StrEnum):
    """What a key allows."""

    PUBLISH = "publish"
    OVERSIGHT = "oversight"
    ADMIN = "admin"


ScopeOption = Annotated[list[Scope] | None, typer.Option("--scope", help="权限 / scope")]
KeyArgument = Annotated[str, typer.Argument(help="案件编号 / case id")]
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


def default_data() -> Path:
    """Return the data directory for this user; see `places.default_data`."""
    from .places import default_data as place

    return place()


def run(work: Callable[[], Awaitable[int]]) -> None:
    """Run a command to its end and leave with its exit code."""
    import uvloop

    from xianjie.audit.keys import KeyFileError
    from xianjie.chassis import telemetry
    from xianjie.chassis.postgres import PostgresRefusal
    from xianjie.contracts.errors import XianjieError

    from .doors import DoorError
    from .embedded import PortRefusal
    from .replay import Unreadable

    telemetry.configure()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(_uncancelled(work))
    except (Unreadable, DoorError, PortRefusal, PostgresRefusal, KeyFileError, XianjieError) as error:
        complain(f"错误 / error: {error}")
        code = 2
    raise typer.Exit(code)


async def _uncancelled(work: Callable[[], Awaitable[int]]) -> int:
    return await work()


@app.command()
def up(data: DataOption = None, port: PortOption = 8600) -> None:
    """前台运行整个系统 / run the whole embedded system in the foreground; prints `ready <url>`."""
    from .serving import up as work

    run(lambda: work(data or default_data(), port=port, say=say))


@app.command()
def tour(data: DataOption = None, port: PortOption = 8600) -> None:
    """载入五十八件真实案例并列表，然后继续提供服务 / load the 58 real cases, print a table, keep serving."""
    from .touring import tour as work

    run(lambda: work(data or default_data(), port=port, say=say, complain=complain))


@app.command()
def play(
    streams: Annotated[list[Path], typer.Argument(help="事件流文件 / NDJSON streams of events")],
    organs: Annotated[Path, typer.Option("--organs", help="机关名册 / registry of organs")],
    questions: Annotated[Path, typer.Option("--questions", help="问题 / one JSON question per line")],
    as_json: JsonOption = False,
) -> None:
    """在独立实例中重放事件流并回答问题 / play streams through an isolated instance and answer questions."""
    from .playing import play as work

    run(
        lambda: work(streams, organs=organs, questions=questions, as_json=as_json, say=say, complain=complain)
    )


@app.command()
def rebuild(
    data: DataOption = None,
    compare: Annotated[bool, typer.Option("--compare", help="比对 / compare digests (always done)")] = True,
) -> None:
    """从事件重新归集每一案件并比对摘要 / fold every case again from its events and compare digests."""
    from .evidence import rebuild as work

    run(lambda: work(data or default_data(), say=say))


@log_app.command("verify")
def log_verify(
    source: Annotated[str, typer.Argument(help="网址或目录 / URL or directory in tlog-tiles layout")],
    key: Annotated[str | None, typer.Option("--key", help="日志公钥 / verifier key of the log")] = None,
) -> None:
    """从分片重新计算整个日志 / recompute the whole log from its tiles."""
    from .evidence import verify_log

    run(lambda: verify_log(source, key=key, say=say))


@organs_app.command("load")
def organs_load(
    file: Annotated[Path, typer.Argument(help="机关名册 / registry of organs (YAML)")],
    url: Annotated[
        str, typer.Option("--url", help="系统网址 / address of the system")
    ] = "http://127.0.0.1:8600",
    data: DataOption = None,
) -> None:
    """登记机关 / register organs with a running system."""
    from .operation import load_organs

    run(lambda: load_organs(file, url=url, data=data or default_data(), say=say))


@keys_app.command("issue")
def keys_issue(
    organ: Annotated[str, typer.Option("--organ", help="机关编号 / organ id")],
    scope: ScopeOption = None,
    data: DataOption = None,
) -> None:
    """发放密钥，只显示一次 / issue a key; it is shown once."""
    from .operation import issue

    scopes = [each.value for each in scope or [Scope.PUBLISH]]
    run(lambda: issue(organ, scopes, data=data or default_data(), say=say, complain=complain))


@parked_app.command("list")
def parked_list(data: DataOption = None) -> None:
    """列出被搁置的案件 / list parked cases."""
    from .operation import list_parked

    run(lambda: list_parked(data or default_data(), say=say))


@parked_app.command("show")
def parked_show(service: ServiceArgument, key: KeyArgument, data: DataOption = None) -> None:
    """显示搁置的事件 / print the events that wait."""
    from .operation import show_parked

    run(lambda: show_parked(service, key, data=data or default_data(), say=say))


@parked_app.command("resume")
def parked_resume(service: ServiceArgument, key: KeyArgument, data: DataOption = None) -> None:
    """恢复被搁置的案件 / handle the events of a parked case again."""
    from .operation import resume_parked

    run(lambda: resume_parked(service, key, data=data or default_data(), say=say))


def main(arguments: list[str] | None = None) -> Any:
    """Parse the command line and run one command."""
    return app(args=arguments)

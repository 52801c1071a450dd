"""`xianjie law`: what a lawyer and an officer ask of the law data, without any running system.

Exit codes as for every command: 0 all holds, 1 something does not hold, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xianjie.lawbook.files.problems import LawError

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
    except (Unusable, LawError, OSError) as error:
        complain(f"错误 / error: {error}")
        code = 2
    raise typer.Exit(code)


@law.command()
def due(
    *,
    row: Annotated[str, typer.Option(help="期限条目 / row of the procedure, or the stem of sector rows")],
    start: Annotated[
        str, typer.Option(help="起算时间 / start: 2024 | 2024-05 | 2024-05-03 | 2024-05-03T10:20 | A..B")
    ],
    sector: Annotated[str | None, typer.Option(help="部门 / sector, which chooses the row")] = None,
    category: Annotated[str | None, typer.Option(help="案件类别 / category of the case")] = None,
    variant: Annotated[
        str | None, typer.Option(help="条文另定长度的情形 / a case with its own length")
    ] = None,
    extend: Annotated[
        list[str] | None,
        typer.Option(
            help="延长 / extension: 30d:RANK@WHEN | 1m:RANK@WHEN | to:30d:RANK@WHEN | until:DAY:RANK@WHEN"
        ),
    ] = None,
    suspend: Annotated[list[str] | None, typer.Option(help="中止、扣除 / time left out: A..B | A..")] = None,
    travel: Annotated[list[str] | None, typer.Option(help="路途时间 / time on the road: A..B")] = None,
    act: Annotated[str | None, typer.Option(help="办理（到达）时间 / when the act was there")] = None,
    posted: Annotated[str | None, typer.Option(help="交邮时间 / when it was posted")] = None,
    on: Annotated[str | None, typer.Option(help="按哪一天的条文 / the day whose text is applied")] = None,
    samr_roll: Annotated[
        str | None, typer.Option(help="市场监管期限的顺延 / days_off | named_holidays (SAMR 80)")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="把答复记入文件 / write the answer as a record")] = None,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """期限何时届满，逐行说明 / when a term ends, line by line; 1: no due day, or not in time."""
    from .counting import Asked, count

    asked = Asked(
        row=row,
        start=start,
        sector=sector,
        category=category,
        variant=variant,
        on=on,
        extend=extend or (),
        suspend=suspend or (),
        travel=travel or (),
        act=act,
        posted=posted,
        samr_roll=samr_roll,
    )
    run(lambda: count(asked, law=directory, as_json=as_json, record=record))


CasesArgument = Annotated[list[Path], typer.Argument(help="案例文件 / worked cases (YAML)")]
LawsOption = Annotated[
    list[Path] | None,
    typer.Option("--law", help="法律数据目录或数据包，可多次给出 / law directory or bundle, repeatable"),
]


@law.command()
def judge(
    cases: CasesArgument,
    *,
    record: Annotated[Path | None, typer.Option(help="记录写入文件 / write records to a file")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="逐件说明理由 / tell the reasons")] = False,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """对照标准判断案例 / judge worked cases; 1 where a case expects something else."""
    from .judging import judge as judged

    run(lambda: judged(cases, law=directory, as_json=as_json, record=record, explain=explain))


@law.command("explain")
def explain_subject(
    name: Annotated[str, typer.Argument(help="罪名、期限、核查规则的编号或名称 / id or Chinese name")],
    *,
    on: Annotated[str | None, typer.Option(help="只看这一天施行的 / only what is in force then")] = None,
    province: Annotated[
        str | None, typer.Option(help="地区代码，如 CN-51 / province, adds its amounts")
    ] = None,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """展示一个罪名、期限或者核查规则 / show an offence, a time limit or a detection rule."""
    from .explaining import explain

    run(lambda: explain(name, law=directory, on=on, province=province, as_json=as_json))


@law.command()
def replay(
    file: Annotated[Path, typer.Argument(help="判断和期限的记录 / records, one on each line")],
    *,
    laws: LawsOption = None,
    as_json: JsonOption = False,
) -> None:
    """按记录所依据的法律数据重算，逐字节比较 / answer records again, compare bit for bit."""
    from .replaying import replay as replayed

    run(lambda: replayed(file, laws=laws or [LAW], as_json=as_json))


@law.command()
def simulate(
    more: Annotated[list[Path] | None, typer.Argument(help="更多案例或记录 / more cases or records")] = None,
    *,
    change: Annotated[list[Path], typer.Option(help="变更的文件或目录 / changed files or directories")],
    cases: Annotated[list[Path] | None, typer.Option(help="案例或记录 / worked cases or records")] = None,
    fail_on_flip: Annotated[
        bool, typer.Option("--fail-on-flip", help="有改变则退出码为 1 / exit 1 when a case flips")
    ] = False,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """法律数据变更后哪些案件结论改变及其原因 / which cases flip under a change, and why."""
    from .simulating import simulate as simulated

    asked = [*(cases or ()), *(more or ())]
    run(lambda: simulated(change, asked, law=directory, as_json=as_json, fail_on_flip=fail_on_flip))


@law.command()
def bundle(
    out: Annotated[Path, typer.Option("--out", "-o", help="数据包 / the bundle to write")],
    *,
    directory: LawOption = LAW,
) -> None:
    """把全部法律数据写成一个文件 / write the whole law as one file."""
    from .bundling import bundle as bundled

    run(lambda: bundled(directory, out))


@law.command()
def screen(
    file: Annotated[Path, typer.Argument(help="处罚记录：CSV、XLSX、Parquet、NDJSON / penalty records")],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="工作清单 .csv .xlsx .ndjson .parquet / the worklist, by its ending"),
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(help="拒绝的行写入文件（CSV）/ file for refused rows")
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="没有决定日期的记录以哪一日为准 / day for records without a decision")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="逐行写明理由 / tell the reasons")] = False,
    reading_list: Annotated[
        bool,
        typer.Option("--reading-list", help="未达到的按文字列出阅读顺序 / offences to read about by text"),
    ] = False,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """对照全部标准筛查处罚记录，输出工作清单 / screen penalty records; 1 where rows were refused."""
    from .screening import Asked as Screening
    from .screening import screen as screened

    asked = Screening(
        file=file,
        out=out,
        errors=errors,
        on=on,
        explain=explain,
        reading_list=reading_list,
        as_json=as_json,
        law=directory,
    )
    run(lambda: screened(asked))


@law.command()
def check(
    *,
    texts: Annotated[
        Path | None, typer.Option(help="规范性文件原文的目录，逐条比对 / directory with the texts, compared")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="把原文各条的摘要和数字登记入库 / record digests and numbers")
    ] = False,
    directory: LawOption = LAW,
    as_json: JsonOption = False,
) -> None:
    """检查全部法律数据，并列出收录范围和已知缺口 / validate the whole law; 1 where something is wrong."""
    from .checking import check as checked

    run(lambda: checked(directory, texts=texts, write=write, as_json=as_json))


@law.command()
def coverage(*, directory: LawOption = LAW, as_json: JsonOption = False) -> None:
    """收录范围和已知缺口，按领域、等级、省份 / what the law data covers and what is missing."""
    from .checking import cover

    run(lambda: cover(directory, as_json=as_json))

"""`xianjie law check`, `xianjie law coverage`: what is wrong with the law data, what it covers and lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.lawbook.bundle import digest_of
from xianjie.lawbook.checking.coverage import GRADES, Coverage, Missing, coverage
from xianjie.lawbook.checking.law_checking import Findings, check_law
from xianjie.lawbook.files.problems import LawProblem

from .app import Unusable, complain, say
from .attesting import differences, record
from .bundling import files_of

_SHOWN = 6  # of each kind of missing things; `law coverage` shows them all

_GRADES: Mapping[str, tuple[str, str]] = {
    "read": ("读过原文", "read"),
    "excerpt": ("摘录", "excerpt"),
    "secondary": ("第三方资料", "secondary"),
    "memory": ("凭记忆", "memory"),
    "mixed": ("部分凭记忆", "mixed"),
    "none": ("无文本", "no text"),
}
_TOTALS: Mapping[str, tuple[str, str]] = {
    "offences": ("罪名", "offences"),
    "versions": ("标准版本", "versions"),
    "conditions": ("条件", "conditions"),
    "facts": ("事实", "facts"),
    "clocks": ("期限条目", "clock rows"),
    "clock_texts": ("期限文本", "texts of rows"),
    "rules": ("核查规则", "detection rules"),
    "causes": ("行政案由", "causes of action"),
    "instruments": ("规范性文件", "instruments"),
    "articles": ("已登记摘要的条文", "articles on record"),
    "parameters": ("各省确定的数额幅度", "ranges left to provinces"),
    "amounts": ("各省已定数额", "amounts of provinces"),
    "calendar_years": ("已有通知的年份", "years with their notice"),
    "regions": ("自定本地期限的地区", "regions with targets of their own"),
    "numbers_stated": ("载于所引条文的数字", "numbers stated in a cited article"),
    "numbers_derived": ("由条文数字推出的数字", "numbers derived from stated ones"),
    "numbers_unattested": ("原文不在手头、无从核对的数字", "numbers whose text is not at hand"),
    "unchecked": ("尚无人与官方文本核对（checked_by 为空）", "checked by nobody yet (checked_by empty)"),
    "checked": ("已有人与官方文本核对", "checked by somebody"),
}
_KINDS: Mapping[str, tuple[str, str]] = {
    "versions": ("标准版本", "versions"),
    "clock_texts": ("期限文本", "texts of rows"),
    "causes": ("行政案由", "causes"),
    "amounts": ("各省数额", "amounts of provinces"),
    "instruments": ("规范性文件", "instruments"),
}
_MISSING: Mapping[str, tuple[str, str]] = {
    "instrument_unread": ("已知存在而未读的文件", "instruments known and not read"),
    "version_without_text": ("没有文本的版本（不作判断）", "versions without text, which decide nothing"),
    "limb_unread": ("未读的条款", "limbs that were not read"),
    "version_not_read": ("原文未读全的版本", "versions whose text was not read in full"),
    "days_without_version": ("有空档的版本", "versions with days before them that none governs"),
    "amount_of_no_province": ("尚无任何省份数额的幅度", "ranges for which no province is on record"),
    "amount_in_conflict": (
        "与全国幅度冲突的省份数额（不作依据）",
        "amounts that contradict national law, unused",
    ),
    "amount_without_day": ("施行日未见的省份数额", "amounts whose first day was not seen"),
    "clock_disabled": ("停用的期限文本", "disabled texts of rows"),
    "clock_secondary": (
        "依据第三方资料、仅作提示的期限文本",
        "texts of rows from secondary sources, flagged",
    ),
    "rule_not_shipped": ("期限条目所指而尚无的核查规则", "rules that a row names and that do not ship"),
    "rule_disabled": ("停用的核查规则", "disabled rules"),
    "cause_from_memory": (
        "只凭记忆的案由（只排列阅读次序）",
        "causes from memory, which only order a reading list",
    ),
    "offence_without_cause": ("没有案由对应的罪名", "offences that no cause reaches"),
    "calendar_awaited": ("通知尚未公布的年份（暂定）", "years whose notice is awaited, provisional"),
    "notice_without_number": ("未取得文号的放假通知", "holiday notices without a number"),
    "instrument_without_text": ("手头没有文本的文件", "instruments whose text is not at hand"),
    "instrument_without_day": ("施行日未取得的文件", "instruments whose first day was not obtained"),
    "number_unattested": ("无从核对的数字", "numbers that could not be held against a text"),
}


def check(law: Path, *, texts: Path | None, write: bool, as_json: bool) -> int:
    """Say everything that is wrong with a law; 1 where anything is.

    Args:
        texts: directory with the texts of the instruments; None: what is on record of them is trusted.
        write: record what the texts say, before the check.
    """
    if write and (texts is None or not law.is_dir()):
        raise Unusable(
            "--write 需要 --texts 和法律数据目录 (--write needs --texts and a directory of the law)"
        )
    files = files_of(law)
    findings = check_law(files, event_types=EVENT_TYPES)
    problems, citing = findings.problems, findings.citing
    if texts is not None and citing is None:
        complain("法律数据不能读取，没有与原文比对 / the law cannot be read, no text was compared")
    elif texts is not None and citing is not None:
        if write:
            count, found = record(citing, texts, law)
            complain(f"已登记 {count} 条 / {count} articles on record")
            files = files_of(law)
            findings = check_law(files, event_types=EVENT_TYPES)
        else:
            found = differences(citing, texts)
        problems = tuple(sorted({*findings.problems, *found}))
    _tell(problems, findings, digest_of(files), as_json=as_json)
    return 1 if problems else 0


def cover(law: Path, *, as_json: bool) -> int:
    """Say what a law covers and what is missing; 1 where it cannot be read."""
    files = files_of(law)
    findings = check_law(files, event_types=EVENT_TYPES)
    found = _covered(findings)
    if found is None:
        _tell(findings.problems, findings, digest_of(files), as_json=as_json)
        return 1
    if as_json:
        say(json.dumps(asdict(found), ensure_ascii=False))
    else:
        for line in (*_summary(found), *_by_sector(found), *_by_province(found), *_gaps(found, None)):
            say(line)
    return 0


def _covered(findings: Findings) -> Coverage | None:
    if findings.law is None or findings.citing is None or findings.numbers is None:
        return None
    return coverage(findings.law, findings.citing, findings.numbers)


def _tell(problems: Sequence[LawProblem], findings: Findings, digest: str, *, as_json: bool) -> None:
    found = _covered(findings)
    if as_json:
        for problem in problems:
            say(json.dumps(asdict(problem), ensure_ascii=False))
        summary = {
            "law": digest,
            "problems": len(problems),
            "coverage": None if found is None else asdict(found),
        }
        say(json.dumps(summary, ensure_ascii=False))
        return
    for problem in problems:
        say(str(problem))
    if found is not None:
        for line in (*_summary(found), *_gaps(found, _SHOWN)):
            say(line)
    say("")
    if problems:
        say(f"✗ 发现 {len(problems)} 处问题 / {len(problems)} problems: {digest}")
    else:
        say(f"✓ 没有问题 / no problem: {digest}")


def _summary(found: Coverage) -> Iterator[str]:
    yield "── 收录 / what is covered"
    yield from _table((zh, str(found.totals[key]), en) for key, (zh, en) in _TOTALS.items())
    yield ""
    yield "── 所见文本 / how well the texts were seen"
    heads = ("", *(_GRADES[grade][0] for grade in GRADES), "")
    rows = [
        (zh, *(str(found.grades[kind].get(grade, 0) or "·") for grade in GRADES), en)
        for kind, (zh, en) in _KINDS.items()
    ]
    yield from _table([heads, *rows, ("", *(_GRADES[grade][1] for grade in GRADES), "")])


def _by_sector(found: Coverage) -> Iterator[str]:
    yield ""
    yield "── 按领域 / by sector"
    heads = ("领域", "罪名", "各版本读全", "自有期限", "案由", "读过", "部分", "凭记忆", "sector")
    rows = [
        (
            each.name_zh,
            str(each.offences),
            str(each.whole),
            str(each.clocks or "·"),
            str(sum(each.causes.values()) or "·"),
            *(str(each.causes.get(grade, 0) or "·") for grade in ("read", "mixed", "memory")),
            each.code,
        )
        for each in sorted(found.sectors, key=lambda each: (-each.offences, each.code))
    ]
    yield from _table([heads, *rows])


def _by_province(found: Coverage) -> Iterator[str]:
    yield ""
    yield "── 按省份 / by province"
    heads = ("代码", "省份", "已定数额", "其中摘录", "第三方", "未收录", "")
    rows = [
        (
            each.code,
            each.name_zh,
            str(len({name for names in each.amounts.values() for name in names})),
            str(len(each.amounts.get("excerpt", ())) or "·"),
            str(len(each.amounts.get("secondary", ())) or "·"),
            str(each.unset),
            "、".join(dict.fromkeys(name for names in each.amounts.values() for name in names)),
        )
        for each in found.provinces
    ]
    yield from _table([heads, *rows])
    yield "其余省份没有收录任何数额，按全国幅度判断 / of no other province: the national range decides"


def _gaps(found: Coverage, most: int | None) -> Iterator[str]:
    """Yield what is missing, by kind: all are counted, and with `most` so many of each are named."""
    yield ""
    yield "── 已知缺口 / known to be missing"
    for kind, some in groupby(sorted(found.missing, key=_in_order), key=lambda each: each.kind):
        things = list(some)
        zh, en = _MISSING[kind]
        yield f"{zh} / {en}: {len(things)}"
        for each in things[:most]:
            yield f"    {each.id}" + (f"：{each.note}" if each.note else "")
        if most is not None and len(things) > most:
            yield f"    …… 另有 {len(things) - most} 项，见 law coverage / {len(things) - most} more"


def _in_order(missing: Missing) -> int:
    return tuple(_MISSING).index(missing.kind)


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield rows with aligned columns; a Chinese sign is two columns wide on a terminal."""
    cells = [tuple(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)

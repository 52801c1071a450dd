"""`xianjie law check` and `law coverage`: every problem, the exit code, and nothing missing unsaid."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.command.law_commands import LAW, xianjie_law
from tests.command.law_commands import written as put
from tests.lawbook.standards_law import written
from tests.lawbook.whole_law import whole

from xianjie.lawbook.bundle import digest_of, read_files
from xianjie.lawbook.files.archive import packed
from xianjie.lawbook.files.exact_yaml import read_yaml

ACT = "# 某解释\n\n- **第一条**　　幅度为一千元至三千元，数额在五万元以上的。\n"
REG = "第五条 应当自收到之日起3日内决定，24小时内移送，由2名以上人员办理。\n第六条 其他。\n"


def law_below(folder: Path, law: dict[str, Any]) -> Path:
    for path, content in written(law).items():
        put(folder / path, content)
    return folder


def texts_below(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        put(folder / f"{name}.md", text)
    return folder


def digest(text: str) -> str:
    return f"sha-256:{sha256(text.encode()).hexdigest()}"


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A tiny law on disk whose texts are known; nothing of them is on record yet."""
    told = whole()
    for path, text in (("instruments/act.yaml", ACT), ("instruments/REG.yaml", REG)):
        told[path]["text_digest"] = digest(text)
        del told[path]["articles"]
        lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in told[path].items())
        told[path] = "".join(lines).encode()
    return law_below(tmp_path / "law", told)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return texts_below(tmp_path / "texts", one=ACT, two=REG, three="别的")


def test_the_shipped_law_passes_and_says_what_is_missing() -> None:
    done = xianjie_law("check")
    assert done.code == 0, done.out
    assert f"✓ 没有问题 / no problem: {digest_of(read_files(LAW))}" in done.out
    for said in (
        "已知存在而未读的文件 / instruments known and not read: 9",
        "没有文本的版本（不作判断）",
        "未读的条款 / limbs that were not read: 4",
        "停用的期限文本",
        "只凭记忆的案由（只排列阅读次序）",
        "通知尚未公布的年份（暂定） / years whose notice is awaited, provisional: 1",
        "尚无人与官方文本核对（checked_by 为空）",
        "无从核对的数字",
        "尚无任何省份数额的幅度",
    ):
        assert said in done.out, said


def test_the_shipped_law_agrees_with_the_texts_that_were_read(reference: Path) -> None:
    done = xianjie_law("check", "--texts", reference / "law")
    assert done.code == 0, done.out


def test_a_bundle_is_checked_like_a_directory(tmp_path: Path) -> None:
    bundle = put(tmp_path / "law.zip", packed(read_files(LAW)))
    assert xianjie_law("check", "--law", bundle).code == 0


def test_json_has_one_line_for_each_problem_and_one_for_the_whole(law: Path) -> None:
    done = xianjie_law("check", "--law", law, "--json")
    assert done.code == 1
    *problems, whole_law = done.lines
    assert problems and all(set(problem) == {"file", "path", "zh", "en"} for problem in problems)
    assert whole_law["problems"] == len(problems)
    assert whole_law["coverage"]["totals"]["offences"] == 1
    assert whole_law["law"] == digest_of(read_files(law))


def test_what_a_text_says_is_recorded_and_then_holds(law: Path, texts: Path) -> None:
    unrecorded = xianjie_law("check", "--law", law, "--texts", texts)
    assert unrecorded.code == 1 and "尚未登记" in unrecorded.out and "no digest on record" in unrecorded.out
    before = (law / "instruments" / "act.yaml").read_text(encoding="utf-8")
    recorded = xianjie_law("check", "--law", law, "--texts", texts, "--write")
    assert recorded.code == 0, recorded.out
    assert "已登记 2 条" in recorded.err
    after = (law / "instruments" / "act.yaml").read_text(encoding="utf-8")
    assert after.startswith(before) and "五万" not in after
    document = read_yaml(after.encode(), file="act.yaml")
    assert isinstance(document, dict) and isinstance(document["articles"], dict)
    article = document["articles"]["第一条"]
    assert isinstance(article, dict) and article["numbers"] == [1000, 3000, 50000]
    assert not list(law.rglob("*.new"))
    assert xianjie_law("check", "--law", law).code == 0
    assert xianjie_law("check", "--law", law, "--texts", texts).code == 0
    again = xianjie_law("check", "--law", law, "--texts", texts, "--write")
    assert again.code == 0 and (law / "instruments" / "act.yaml").read_text(encoding="utf-8") == after


def test_a_record_that_is_not_the_text_is_found(law: Path, texts: Path) -> None:
    xianjie_law("check", "--law", law, "--texts", texts, "--write")
    path = law / "instruments" / "REG.yaml"
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace("numbers: [2, 3, 24]", "numbers: [2, 3, 25]"), encoding="utf-8")
    assert xianjie_law("check", "--law", law).code == 0  # without the texts the record is believed
    other = xianjie_law("check", "--law", law, "--texts", texts)
    assert other.code == 1 and "the numbers are not those of the text" in other.out
    digits = sound.partition("digest: sha-256:")[2][:64]
    path.write_text(sound.replace(digits, "0" * 64), encoding="utf-8")
    other = xianjie_law("check", "--law", law, "--texts", texts)
    assert other.code == 1 and "the digests differ" in other.out


def test_a_text_that_is_gone_or_lacks_the_article_is_found(law: Path, tmp_path: Path) -> None:
    some = texts_below(tmp_path / "some", one=ACT)
    done = xianjie_law("check", "--law", law, "--texts", some)
    assert done.code == 1 and "instruments/REG.yaml: text_digest: 目录中没有这份文本" in done.out
    changed = ACT.replace("第一条", "第八条")
    path = law / "instruments" / "act.yaml"
    told = path.read_text(encoding="utf-8").replace(digest(ACT), digest(changed))
    path.write_text(told, encoding="utf-8")
    other = texts_below(tmp_path / "other", one=changed, two=REG)
    for write in ((), ("--write",)):
        done = xianjie_law("check", "--law", law, "--texts", other, *write)
        assert done.code == 1 and "the text has no such article" in done.out
    assert path.read_text(encoding="utf-8") == told


def test_what_is_on_record_stays_where_the_text_no_longer_has_it(law: Path, texts: Path) -> None:
    xianjie_law("check", "--law", law, "--texts", texts, "--write")
    path = law / "instruments" / "REG.yaml"
    recorded = path.read_text(encoding="utf-8")
    changed = REG.replace("第五条", "第七条")
    put(texts / "two.md", changed)
    path.write_text(recorded.replace(digest(REG), digest(changed)), encoding="utf-8")
    done = xianjie_law("check", "--law", law, "--texts", texts, "--write")
    assert done.code == 1 and "the text has no such article" in done.out
    assert path.read_text(encoding="utf-8") == recorded.replace(digest(REG), digest(changed))


def test_a_threshold_that_was_changed_by_mistake_is_found_without_the_texts(law: Path, texts: Path) -> None:
    xianjie_law("check", "--law", law, "--texts", texts, "--write")
    path = law / "standards" / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("50000", "5000"), encoding="utf-8")
    done = xianjie_law("check", "--law", law)
    assert done.code == 1
    assert "standards/tiny.yaml: tiny@1/sold: 数字 5000 不在所引条文中（act 第一条）" in done.out
    assert "✗ 发现 1 处问题 / 1 problems" in done.out


def test_a_law_that_cannot_be_read_names_every_fault_and_covers_nothing(law: Path, texts: Path) -> None:
    put(law / "rules" / "ax1_late.yaml", "id: [")
    put(law / "clocks" / "head_decision.yaml", "id: !!python/object:os.system x")
    put(law / "calendars" / "2026.yaml", "year: 2026")
    done = xianjie_law("check", "--law", law, "--texts", texts)
    assert done.code == 1 and "没有与原文比对" in done.err
    for file in ("rules/ax1_late.yaml", "clocks/head_decision.yaml", "calendars/2026.yaml"):
        assert f"{file}: " in done.out
    covered = xianjie_law("coverage", "--law", law)
    assert covered.code == 1 and "rules/ax1_late.yaml: " in covered.out


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--law", "/nowhere/at/all"),
        ("check", "--texts", "/nowhere/at/all"),
        ("check", "--write"),
        ("coverage", "--law", "/nowhere/at/all"),
        ("check", "--colour"),
    ],
)
def test_wrong_use_is_said_so(words: tuple[str, ...]) -> None:
    assert xianjie_law(*words).code == 2


def test_coverage_tells_by_sector_by_grade_and_by_province() -> None:
    done = xianjie_law("coverage")
    assert done.code == 0
    lines = [line.split() for line in done.out.splitlines()]
    assert ["市场监管", "43", "39", "2", "57", "1", "16", "40", "market_regulation"] in lines
    assert ["标准版本", "274", "11", "2", "·", "·", "4", "versions"] in lines
    assert any(line[:4] == ["CN-51", "四川", "5", "5"] for line in lines)
    assert "另有" not in done.out  # nothing is cut off
    assert done.out.count("CA-") == 261


def test_coverage_as_json_holds_the_same() -> None:
    done = xianjie_law("coverage", "--json")
    (told,) = done.lines
    assert done.code == 0 and told["totals"]["offences"] >= 159
    assert {sector["code"]: sector["offences"] for sector in told["sectors"]}["tax"] == 13
    assert {province["code"] for province in told["provinces"]} >= {"CN-50", "CN-51"}
    assert {"kind": "calendar_awaited", "id": "2027", "note": ""} in told["missing"]

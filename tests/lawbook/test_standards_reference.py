"""The law of this repository says what the reference catalogue says, number by number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.lawbook.standards_law import LAW, cases, files, standards

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.standards.judging import judge
from xianjie.lawbook.standards.worked_cases import differences, read_cases

OURS_ALONE = ("grade", "checked_by", "gap_before")
GRADES = {
    "full_text": "read",
    "full_text_plus_extract": "excerpt",
    "extract_reproduced_by_third_parties": "excerpt",
    "compilation_mislabelled": "secondary",
    "none": None,
}


def plain(value: Any) -> Any:
    """A value without the differences of writing: days as text, whole decimals as int."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def by_place(overlay: Any) -> tuple[str, str]:
    return overlay["param"], overlay["province"]


def read(path: Path) -> Any:
    return plain(read_yaml(path.read_bytes(), file=path.name))


def test_every_version_says_what_the_reference_says(reference: Path) -> None:
    theirs = {offence["id"]: offence for offence in read(reference / "domain" / "standards.yaml")["offences"]}
    assert set(theirs) == set(standards().offences)
    for name, offence in theirs.items():
        ours = read(LAW / "standards" / f"{name}.yaml")
        for version, expected in zip(ours["versions"], offence["versions"], strict=True):
            assert version.get("grade") == GRADES[expected["text_seen"]]
            assert version["checked_by"] == ""
            for source, other in zip(version["sources"], expected["sources"], strict=True):
                other.setdefault("applies_from", source.get("applies_from"))
                source.setdefault("applies_from", None)
            kept = {key: value for key, value in version.items() if key not in OURS_ALONE}
            assert kept == {k: v for k, v in expected.items() if v is not None or k == "effective_to"}
        assert ours | {"versions": []} == offence | {"versions": []}


def test_facts_instruments_and_amounts_say_what_the_reference_says(reference: Path) -> None:
    theirs = read(reference / "domain" / "standards.yaml")
    facts = [{k: v for k, v in fact.items() if k != "history"} for fact in read(LAW / "facts.yaml")["facts"]]
    assert facts == theirs["facts"]
    for one in theirs["instruments"]:
        file = one.pop("file", None)
        ours = dict(read(LAW / "instruments" / f"{one['id']}.yaml"))
        digest = f"sha-256:{sha256((reference / 'law' / file).read_bytes()).hexdigest()}" if file else None
        assert ours.pop("text_digest", None) == digest, one["id"]
        assert {k: v for k, v in ours.items() if k not in {"grade", "articles", "text_part"}} == one
    assert len(theirs["instruments"]) == 77
    assert read(LAW / "known_unread.yaml")["known_unread"] == theirs["known_unread"]
    ranges = read(LAW / "parameters.yaml")["parameters"]
    overlays = [
        {
            "param": overlay.pop("parameter"),
            "province": province["province"],
            "province_zh": province["province_zh"],
        }
        | {k: v for k, v in overlay.items() if k not in OURS_ALONE}
        for province in (read(path) for path in sorted((LAW / "overlays").glob("*.yaml")))
        for overlay in province["overlays"]
    ]
    assert ranges == theirs["parameters"]
    assert sorted(overlays, key=by_place) == sorted(theirs["overlays"], key=by_place)


def test_the_worked_cases_of_the_reference_agree(reference: Path) -> None:
    text = (reference / "domain" / "standards-cases.yaml").read_bytes()
    theirs = read_cases(text, file="standards-cases.yaml", standards=standards())
    assert [(case.id, differences(case, judge(standards(), case.given))) for case in theirs] == [
        (case.id, []) for case in theirs
    ]
    assert {case.id: case.given for case in theirs} == {case.id: case.given for case in cases()}


def test_no_file_of_the_standards_names_a_file_outside() -> None:
    for path, text in files().items():
        assert b"/work" not in text and b".." + b"/" not in text and b"file:" not in text, path

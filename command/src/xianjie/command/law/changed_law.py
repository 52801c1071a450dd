"""A law with some files replaced or added, as somebody who prepares a change hands them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.checking.clocks_checking import problems_of_clocks
from xianjie.lawbook.checking.standards_checking import check_standards
from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem

from .app import Unusable
from .bundling import files_of

_CASES = "cases/"
_CLOCKS = "clocks/"
# Where a file belongs, by the members that it has; the name of the file is the member behind it.
_BY_ID: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"id", "criminal_law_article", "versions"}), "standards", "id"),
    (frozenset({"id", "bearer", "versions"}), "clocks", "id"),
    (frozenset({"id", "condition_zh", "counter_zh"}), "rules", "id"),
    (frozenset({"year", "days_off", "make_up"}), "calendars", "year"),
    (frozenset({"id", "issuer", "number"}), "instruments", "id"),
    (frozenset({"province", "overlays"}), "overlays", "province"),
    (frozenset({"sector", "causes"}), "causes", "sector"),
)
# Files of one list, by the name of the list.
_BY_LIST = {
    "facts": "facts.yaml",
    "units": "units.yaml",
    "sectors": "sectors.yaml",
    "known_unread": "known_unread.yaml",
    "relations": "relations.yaml",
    "bars": "reasonable_suspicion.yaml",
    "derivations": "numbers.yaml",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a law: the files that are replaced, added or gone, by path below the law directory."""

    files: Mapping[str, bytes]
    replaced: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that changes."""
        return tuple(sorted((*self.replaced, *self.added, *self.removed)))


def changed(files: Mapping[str, bytes], changes: Sequence[Path]) -> Change:
    """Return a law with changes put in.

    Args:
        files: the law as it is.
        changes: YAML files, placed by what they say; directories whose paths are those of the law directory,
            or that hold such files; or a bundle, which is a whole law and replaces everything.

    Raises:
        Unusable: nothing says where a file belongs.
        LawError: a file is no YAML of the law.
        OSError: a file cannot be read.
    """
    after = dict(files)
    for change in changes:
        if change.is_dir():
            for path in sorted(each for each in change.rglob("*") if each.is_file()):
                relative = path.relative_to(change).as_posix()
                content = path.read_bytes()
                after[relative if _mirrors(relative, files) else place_of(path, content, files)] = content
        elif change.suffix in (".yaml", ".yml"):
            content = change.read_bytes()
            after[place_of(change, content, files)] = content
        else:
            after = dict(files_of(change))
    return Change(
        after,
        replaced=tuple(path for path in sorted(after) if path in files and after[path] != files[path]),
        added=tuple(path for path in sorted(after) if path not in files),
        removed=tuple(path for path in sorted(files) if path not in after),
    )


def checked(change: Change, before: Mapping[str, bytes]) -> Lawbook:
    """Return the changed law after the checks of standards and clocks.

    Worked cases are left out: that they come out otherwise is what a change is for.

    Raises:
        LawError: the changed law is broken; carries every problem that the law did not have before.
    """
    lawbook = Lawbook.of(change.files)
    problems = _problems(change.files)
    if problems:
        known = set(_problems(before))
        new = [problem for problem in problems if problem not in known]
        if new:
            raise LawError(new)
    return lawbook


def _problems(files: Mapping[str, bytes]) -> list[LawProblem]:
    clocks = {path.removeprefix(_CLOCKS): text for path, text in files.items() if path.startswith(_CLOCKS)}
    without = {path: text for path, text in files.items() if not path.startswith(_CASES)}
    return [*check_standards(without), *problems_of_clocks(clocks)]


def _mirrors(relative: str, files: Mapping[str, bytes]) -> bool:
    folder, slash, _ = relative.partition("/")
    return relative in files or (bool(slash) and any(path.startswith(f"{folder}/") for path in files))


def place_of(path: Path, content: bytes, files: Mapping[str, bytes]) -> str:
    """Return where a file belongs, by what it says, else by a name that only one file of the law has."""
    value: Any = read_yaml(content, file=str(path))
    if isinstance(value, dict):
        for members, folder, name in _BY_ID:
            if members <= value.keys():
                return f"{folder}/{value[name]}.yaml"
        if len(value) == 1 and next(iter(value)) in _BY_LIST:
            return _BY_LIST[next(iter(value))]
        if "knowledge_horizon" in value:
            return "catalogue.yaml"
        if list(value) == ["parameters"]:
            national = any("set_by" in each for each in value["parameters"])
            return "parameters.yaml" if national else "rules/parameters.yaml"
    named = [each for each in files if each.rpartition("/")[2] == path.name and not each.startswith(_CASES)]
    if len(named) == 1:
        return named[0]
    raise Unusable(
        f"{path}: 看不出属于法律数据的哪个文件，请放进与法律数据相同的目录结构中 "
        "(nothing says which file of the law it is; put it into a directory with the paths of the law)"
    )

"""The files of the law, read one after the other; every fault is noted, none is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record

T = TypeVar("T")


class LawFiles:
    """The bytes of a law by path below its directory, and the problems found while they were read."""

    def __init__(self, files: Mapping[str, bytes], problems: list[LawProblem]) -> None:
        self.files = files
        self.problems = problems

    def document(self, path: str) -> Record | None:
        """Return what a file says; None where it is missing or no YAML of the law."""
        if path not in self.files:
            self.problems.append(LawProblem(path, "", "缺少文件", "the file is missing"))
            return None
        try:
            value = read_yaml(self.files[path], file=path)
        except LawError as error:
            self.problems.extend(error.problems)
            return None
        return Record(value, file=path, path="", problems=self.problems)

    def folder(self, folder: str) -> Iterator[Record]:
        """Yield the documents of a folder (written with its slash) in the order of their names."""
        for path in sorted(self.files):
            if path.startswith(folder) and path.endswith(".yaml"):
                record = self.document(path)
                if record is not None:
                    yield record

    def listed(self, path: str, key: str, id_key: str, read: Callable[[Record], T]) -> dict[str, T]:
        """Read a file that is one list of records with unique ids."""
        found: dict[str, T] = {}
        record = self.document(path)
        if record is None:
            return found
        for item in record.records(key, least=1):
            value = read(item)
            item.finish()
            name = getattr(value, id_key)
            if name in found:
                item.wrong(id_key, f"编号重复：{name}", f"the id stands twice: {name}")
            found[name] = value
        record.finish()
        return found

    def optional(self, path: str, key: str, read: Callable[[Record], T]) -> dict[str, T]:
        """Read such a file where there is one; a law may have nothing to say there."""
        return self.listed(path, key, "id", read) if path in self.files else {}

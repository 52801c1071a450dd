"""What is wrong with a file of the law, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class LawProblem:
    """One fault in the law data.

    Attributes:
        file: path of the file below the law directory, with forward slashes.
        path: key path inside the file, for example `versions[0].criteria.any_of[2].op`; empty for the file.
        zh: what is wrong, Chinese.
        en: the same in English.
    """

    file: str
    path: str
    zh: str
    en: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.path}" if self.path else self.file
        return f"{where}: {self.zh} ({self.en})"


class LawError(ValueError):
    """The law data cannot be used; carries every problem that was found, in the order of the files."""

    def __init__(self, problems: Iterable[LawProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

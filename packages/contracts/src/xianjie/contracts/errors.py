"""What can go wrong at a border, in words that an official and a vendor can act on.

Six kinds of failure cross a border, and nothing else does:

    XianjieError
    ├── Malformed      the text is not what the contract asks for
    ├── NotFound       there is no such thing
    ├── Refused        understood, but a rule (with its source) says no
    ├── Forbidden      this caller may not
    ├── Conflicting    the same name already stands for something else
    └── Unavailable    not now; ask again after some seconds

Doors turn the kind into a status in one table; see `xianjie.chassis.web`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    Attributes:
        code: stable dotted name, for example `event.field.missing`; programs may branch on it.
        detail: what is wrong, in Chinese.
        detail_en: the same in English.
        todo: what the reader should do, in Chinese.
        todo_en: the same in English.
        pointer: JSON pointer (RFC 6901) into the document that was sent; "" is the whole document.
        row: line of a table or of a stream, counted from 1.
        column: heading of the column of a table, or position in the line counted from 1.
    """

    code: str
    detail: str
    detail_en: str
    todo: str
    todo_en: str
    pointer: str | None = None
    row: int | None = None
    column: str | int | None = None


class XianjieError(Exception):
    """A failure that may be told to a caller.

    Attributes:
        kind: stable name of the kind of failure.
        problem: the first thing that is wrong.
        further: whatever else is wrong with the same request.
    """

    kind: ClassVar[str] = "error"

    def __init__(self, problem: Problem, further: tuple[Problem, ...] = ()) -> None:
        super().__init__(problem, further)
        self.problem = problem
        self.further = further

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, the first problem first."""
        return (self.problem, *self.further)

    def __str__(self) -> str:
        more = f" (+{len(self.further)})" if self.further else ""
        where = f" at {self.problem.pointer}" if self.problem.pointer else ""
        return f"{self.problem.code}{where}: {self.problem.detail_en}{more}"


class Malformed(XianjieError):
    """What was sent does not have the form that the contract asks for."""

    kind = "malformed"


class NotFound(XianjieError):
    """What was asked for does not exist, or the caller may not know that it does."""

    kind = "not_found"


class Refused(XianjieError):
    """The request is understood and well formed, and a rule says no."""

    kind = "refused"


class Forbidden(XianjieError):
    """The caller is known and may not do this."""

    kind = "forbidden"


class Conflicting(XianjieError):
    """The same identity was already used with other content."""

    kind = "conflict"


class Unavailable(XianjieError):
    """The platform cannot answer durably at the moment; the same request may succeed later.

    Attributes:
        retry_after_seconds: how long the caller should wait before it asks again, at least 1.
    """

    kind = "unavailable"

    def __init__(
        self, problem: Problem, further: tuple[Problem, ...] = (), *, retry_after_seconds: int = 5
    ) -> None:
        super().__init__(problem, further)
        self.retry_after_seconds = retry_after_seconds

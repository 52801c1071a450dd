"""From a failed check to words: the translation of validation errors into problems.

Every kind of error that the models can raise has its wording; one without would be a bug and shows as a
KeyError in the tests, never as English of the validator in front of an official.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from xianjie.contracts.errors import Problem
from xianjie.contracts.forms import FORM_ERROR, FORMS
from xianjie.contracts.plain import Step, is_exact
from xianjie.contracts.wording import FORM, OF_JSON, OF_VALUE, Wording

MOST_WORDS: Final = 20
"""How many allowed words a message lists."""


def pointer_to(steps: Iterable[Step]) -> str:
    """Return the JSON pointer (RFC 6901) that walks the steps."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def worded(wording: Wording, pointer: str | None, **said: Any) -> Problem:
    """Return the problem with its words filled in; `row` and `column` go into the problem as well."""
    code, detail, detail_en, todo, todo_en = (text.format_map(said) for text in wording)
    return Problem(
        code, detail, detail_en, todo, todo_en, pointer, row=said.get("row"), column=said.get("column")
    )


def translated(error: ErrorDetails, *, model: type[BaseModel], under: Sequence[Step], event: Any) -> Problem:
    """Return the problem that one error of the validator stands for.

    Args:
        error: one entry of `ValidationError.errors()`.
        model: the model that was validated.
        under: steps from the event to what was validated, ("data",) for the data.
        event: the event as it was sent; tells names of members from tags of a choice.
    """
    kind, said = error["type"], dict(error.get("ctx") or {})
    given = error["input"]
    if isinstance(given, float) and not is_exact(given) and kind != "extra_forbidden":
        # a long integer reads as a float: its size is the problem, not its type
        return worded(OF_JSON["number"], pointer_to(_steps([*under, *error["loc"]], event)))
    if given is None and kind not in {"missing", "extra_forbidden"}:
        kind = "null"
    steps = _steps([*under, *error["loc"]], event, absent_last=kind == "missing")
    if at := said.get("at"):
        steps.append(at)
    elif kind.startswith("union_tag"):
        steps.append("unit")
    said |= {"field": ".".join(map(str, steps)), "where": _title(model, steps[len(under) :])}
    if kind.startswith(FORM_ERROR):
        form = FORMS[kind.removeprefix(FORM_ERROR)]
        said |= {"form": form.name, "zh": form.zh, "en": form.en, "example": form.example}
        return worded(FORM, pointer_to(steps), **said)
    if kind == "occurred_value_not_precision":
        form = FORMS[said["form"]]
        said |= {"form": form.zh, "form_en": form.en, "example": form.example}
    if words := _words(said):
        shown, more = words[:MOST_WORDS], len(words) > MOST_WORDS
        said |= {"words": "、".join(shown) + "……" * more, "words_en": ", ".join(shown) + ", ..." * more}
        said |= closest(given, words)
    return worded(OF_VALUE[kind], pointer_to(steps), **said)


def closest(given: Any, words: Iterable[str]) -> Mapping[str, str]:
    """Return the words for "did you mean", empty when nothing is near."""
    near = get_close_matches(given, words, n=1, cutoff=0.75) if isinstance(given, str) else []
    if not near:
        return {"close": "", "close_en": ""}
    return {"close": f"是否应为{near[0]}？", "close_en": f" Did you mean {near[0]}?"}


def _words(said: Mapping[str, Any]) -> list[str]:
    allowed = said.get("expected") or said.get("expected_tags") or ""
    return re.findall(r"'([^']*)'", allowed)


def _steps(path: Iterable[Step], event: Any, *, absent_last: bool = False) -> list[Step]:
    """Keep the steps that exist in the event; the validator also reports which branch of a choice it took."""
    steps: list[Step] = []
    left = list(path)
    node = event
    while left:
        step = left.pop(0)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            if not (absent_last and not left):
                continue
        steps.append(step)
    return steps


def _title(model: type[BaseModel], steps: Iterable[Step]) -> str:
    """Return the Chinese name of the field at the end of the steps, or its path where it has none."""
    title, inner = None, [model]
    path = list(steps)
    for step in path:
        if isinstance(step, str):
            field = next((m.model_fields[step] for m in inner if step in m.model_fields), None)
            title = field.title if field else None
            inner = list(_models_in(field.annotation)) if field else []
    name = "/".join(map(str, path))
    return f"“{title}”（{name}）" if title else f"“{name}”"


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)

"""How verdicts and problems are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.responses import Response

from xianjie.chassis.web import PROBLEM_JSON
from xianjie.contracts.errors import Problem
from xianjie.intake.domain.problems import problem_json
from xianjie.intake.domain.verdicts import Verdict, Word

_TITLES: Final = {
    409: "内容冲突 / Conflict",
    415: "格式不支持 / Unsupported media type",
    422: "不符合契约 / Refused",
    429: "请求过于频繁 / Too many requests",
}


def problem_document(status: int, problems: Sequence[Problem], **members: Any) -> dict[str, Any]:
    """Return an RFC 9457 document of the first problem that lists all of them under `errors`."""
    told = [problem_json(problem) for problem in problems]
    return {
        "type": f"urn:xianjie:problem:{problems[0].code}",
        "title": _TITLES[status],
        "status": status,
        **told[0],
        "errors": told,
        **members,
    }


def problem_answer(
    status: int, problems: Sequence[Problem], *, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """Return the response that carries the document; `members` are added to it."""
    content = orjson.dumps(problem_document(status, problems, **members))
    return Response(content, status, headers=headers, media_type=PROBLEM_JSON)


class Rendering:
    """Writes verdicts for callers who reach the service under a public path."""

    def __init__(self, *, prefix: str) -> None:
        """Use `prefix` for links."""
        self._prefix = prefix

    def one(self, verdict: Verdict) -> Response:
        """Return the answer to a single event."""
        if verdict.word is Word.REFUSED:
            return problem_answer(422, verdict.problems)
        if verdict.word is Word.CONFLICT:
            return problem_answer(
                409, verdict.problems, conflict=self._conflict(verdict), first=self._receipt(verdict)
            )
        status = 201 if verdict.word is Word.ACCEPTED else 200
        return Response(orjson.dumps(self._receipt(verdict)), status, media_type="application/json")

    def many(self, verdicts: Sequence[Verdict]) -> Response:
        """Return the answer to a batch."""
        content = orjson.dumps([self._verdict(verdict) for verdict in verdicts])
        return Response(content, media_type="application/json")

    def line(self, verdict: Verdict) -> bytes:
        """Return one line of the answer to a stream, without its line feed."""
        return orjson.dumps(self._verdict(verdict))

    def _verdict(self, verdict: Verdict) -> dict[str, Any]:
        answer: dict[str, Any] = {"verdict": verdict.word.value}
        if verdict.row is not None:
            answer["row"] = verdict.row
        if verdict.receipt is not None:
            answer["receipt"] = self._receipt(verdict)
        if verdict.conflict_id is not None:
            answer["conflict"] = self._conflict(verdict)
        if verdict.problems:
            answer["problems"] = [problem_json(problem) for problem in verdict.problems]
        return answer

    def _receipt(self, verdict: Verdict) -> dict[str, Any]:
        assert verdict.receipt is not None
        return verdict.receipt.as_json(prefix=self._prefix)

    def _conflict(self, verdict: Verdict) -> dict[str, str]:
        assert verdict.conflict_id is not None
        return {
            "id": verdict.conflict_id,
            "decision": f"{self._prefix}/v1/conflicts/{verdict.conflict_id}/decision",
        }

"""Parts of the OpenAPI document that more than one route uses."""

from __future__ import annotations

from typing import Any, Final

from xianjie.chassis.web import PROBLEM_JSON

_MEANINGS: Final = {
    400: "a parameter or the body does not fit this document",
    401: "no key, or one that is unknown or revoked",
    403: "the key does not allow this",
    404: "there is no such thing, or the key may not know of it",
    409: "it was decided otherwise before",
    413: "longer than the limit; the body is not read to its end",
    415: "another content type, charset or compression",
    422: "does not keep the contract; kept, with every problem and its place",
    429: "too many requests with this key; see Retry-After",
    503: "nothing was acknowledged; see Retry-After",
}

EXAMPLE_EVENT: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "2026-000001",
    "source": "urn:xianjie:organ:ps-120103-ps",
    "type": "cn.xianjie.case.filed.v1",
    "subject": "ag-120103-market_regulation/2026-001",
    "time": "2026-03-05T10:00:00+08:00",
    "datacontenttype": "application/json",
    "dataschema": "urn:xianjie:schema:cn.xianjie.case.filed.v1",
    "data": {"occurred": {"precision": "day", "value": "2026-03-05"}, "origin": "transfer"},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documented problem answers of a route."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
    retry = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {PROBLEM_JSON: schema},
            **({"headers": retry} if status in (429, 503) else {}),
        }
        for status in statuses
    }

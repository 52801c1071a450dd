"""`POST /v1/events`, the one path by which events come in."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from xianjie.chassis.web import PROBLEM_JSON
from xianjie.intake.queries import KeyHolder
from xianjie.intake.rest.access import Access
from xianjie.intake.rest.bodies import BATCH, ONE, STREAM
from xianjie.intake.rest.documented import EXAMPLE_EVENT, problems
from xianjie.intake.rest.door import Door
from xianjie.intake.rest.views import ReceiptView

_EVENT: Final = {"$ref": "#/components/schemas/CloudEvent"}
_VERDICT: Final = {"$ref": "#/components/schemas/VerdictView"}

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            ONE: {"schema": _EVENT, "examples": {"case.filed": {"value": EXAMPLE_EVENT}}},
            BATCH: {
                "schema": {"type": "array", "items": _EVENT},
                "examples": {"two": {"value": [EXAMPLE_EVENT] * 2}},
            },
            STREAM: {
                "schema": {
                    "type": "string",
                    "description": "one event in JSON on each line, UTF-8, any length",
                }
            },
        },
    }
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "one event: accepted before, the same receipt again; several: a verdict for each",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/ReceiptView"},
                        {"type": "array", "items": _VERDICT},
                    ]
                }
            },
            STREAM: {"schema": {"type": "string", "description": "one VerdictView in JSON on each line"}},
        },
    },
    201: {"description": "accepted and durable", "model": ReceiptView},
    409: {
        "description": "the id already stands for other content; both are kept, a person decides",
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    },
    **problems(401, 403, 413, 415, 422, 429, 503),
}


def events_router(door: Door, access: Access) -> APIRouter:
    """Return the route of the door."""
    router = APIRouter(tags=["events"])

    @router.post(
        "/v1/events",
        summary="报送事件 Submit events",
        description=(
            "One event, an array, or a stream of lines. Everything that arrives is kept, refused or not. "
            "An answer is given only when it is durable; sending the same again is harmless."
        ),
        response_class=Response,
        status_code=201,
        responses=_RESPONSES,
        openapi_extra=_BODY,
        operation_id="submitEvents",
    )
    async def submit(request: Request, holder: Annotated[KeyHolder, Depends(access.publisher)]) -> Response:
        return await door.take(request, holder)

    return router

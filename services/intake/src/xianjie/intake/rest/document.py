"""The OpenAPI document of the service, completed with what routes alone do not say."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from xianjie.contracts import forms
from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.intake.rest.documented import EXAMPLE_EVENT
from xianjie.intake.rest.views import ProblemDocument, VerdictView

_ADDED = (ProblemDocument, VerdictView)


def install_document(app: FastAPI) -> None:
    """Let the app serve the completed document; it is made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes, summary=_SUMMARY)
            schemas = made["components"]["schemas"]
            for view in _ADDED:
                described = view.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas |= described.pop("$defs", {})
                schemas[view.__name__] = described
            schemas["CloudEvent"] = _cloud_event()
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            made["security"] = [{"key": []}]
            _without_framework_answers(made["paths"])
            made["servers"] = [{"url": "/intake"}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _without_framework_answers(paths: dict[str, Any]) -> None:
    """Take out the 422 that the framework documents by itself: what does not fit is answered with 400."""
    for operations in paths.values():
        for operation in operations.values():
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                del operation["responses"]["422"]


def _cloud_event() -> dict[str, Any]:
    """Return the envelope; what `data` holds is said by the schema that `dataschema` names."""

    def text(form: forms.Form) -> dict[str, Any]:
        return {"type": "string", "pattern": form.pattern}

    return {
        "title": "CloudEvent",
        "type": "object",
        "description": "CloudEvents 1.0 in JSON; `data` as the catalogue of events declares it for `type`",
        "required": list(EXAMPLE_EVENT),
        "properties": {
            "specversion": {"const": "1.0"},
            "id": text(forms.EVENT_ID),
            "source": text(forms.SOURCE),
            "type": {"enum": sorted(EVENT_TYPES)},
            "subject": {"type": "string", "description": "case id, or what the type names"},
            "time": text(forms.INSTANT) | {"description": "when the source released the record"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"type": "string", "description": "urn:xianjie:schema:<type>"},
            "data": {"type": "object"},
        },
        "example": EXAMPLE_EVENT,
    }


_SUMMARY = "Takes case events from agency systems, keeps everything, answers with receipts."

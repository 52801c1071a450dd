"""The OpenAPI document: committed as it is served, and true for whatever a machine can think of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.intake.builders import AGENCY, BATCH, Intake, bearer, event
from tests.serving import nothing_breaks

from xianjie.command.documents import written
from xianjie.intake.openapi import document

# What fits the document may still be refused: who may say what, and whether a day is in the calendar, cannot
# be written in a JSON Schema. Keys are tried out in test_wrong_requests.
NOT_HERE = [positive_data_acceptance, ignored_auth]


async def test_the_committed_document_is_the_one_that_is_served(intake: Intake, root: Path) -> None:
    committed = (root / "docs" / "schemas" / "openapi-intake.json").read_text("utf-8")
    assert committed == written(await document()), "write it again: python -m xianjie.command.documents write"
    served = (await intake.client.get("/openapi.json")).json()
    assert written(served) == committed


async def test_every_route_says_what_it_answers_and_when_it_fails() -> None:
    for path, operations in (await document())["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            answers = set(operation["responses"])
            assert answers & {"200", "201", "204"}, path
            assert {"401", "503"} <= answers, path
            assert "422" not in answers or "HTTPValidationError" not in json.dumps(operation), path
            assert method in {"get", "put", "post", "delete"}


async def test_answers_keep_the_document(intake: Intake) -> None:
    described = await document()

    def check(name: str, value: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    check("CloudEvent", event())
    check("ReceiptView", (await intake.post(event())).json())
    batch = [event(), event(data={"note": "另"}), event(id="x", data={"y": 1}), event(id="new")]
    for verdict in (await intake.post(batch, headers=BATCH)).json():
        check("VerdictView", verdict)
    check("ProblemDocument", (await intake.post(b"{")).json())


async def test_nothing_that_a_machine_thinks_of_breaks_the_document(intake: Intake) -> None:
    key = await intake.key(AGENCY, "publish", "oversight", "admin")
    await nothing_breaks(
        intake.service.app, await document(), headers=bearer(key), excluded=NOT_HERE, examples=150
    )

"""The OpenAPI documents of every service: `python -m xianjie.command.documents write|check`.

Each is what the service serves at /openapi.json, committed so that a review sees how an interface changes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xianjie.audit import openapi as audit
from xianjie.intake import openapi as intake
from xianjie.lawbook.bundle import Lawbook
from xianjie.notification import openapi as notification
from xianjie.transfer import openapi as transfer

from .places import LAW, ROOT

FOLDER = ROOT / "docs" / "schemas"


async def documents() -> dict[str, str]:
    """Return the text of each file by its name."""
    services: Mapping[str, Any] = {
        "intake": await intake.document(),
        "transfer": await transfer.document(law=Lawbook.load(LAW)),
        "notification": await notification.document(),
        "audit": await audit.document(),
    }
    return {f"openapi-{name}.json": written(document) for name, document in services.items()}


def written(document: Mapping[str, Any]) -> str:
    """Return the text of a document's file."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def differing(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Return the names of the files that are missing or other than they would be written."""
    return [name for name, text in wanted.items() if not _holds(folder / name, text)]


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: Sequence[str], *, folder: Path = FOLDER) -> int:
    """Write what differs, or say what does; return the exit code: 1 where `check` found a difference."""
    if list(arguments) not in (["write"], ["check"]):
        sys.stderr.write("usage: python -m xianjie.command.documents write|check\n")
        return 2
    wanted = asyncio.run(documents())
    differs = differing(folder, wanted)
    sys.stdout.writelines(f"{name}\n" for name in differs)
    if list(arguments) == ["check"]:
        return int(bool(differs))
    for name in differs:
        (folder / name).write_text(wanted[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

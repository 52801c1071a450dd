"""A data directory with law files of its own, started again and again, with the law changed in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.transfer.case_answers import ROOT
from tests.transfer.telling import OFFENCE, CaseFile, deliveries, moment
from tests.transfer.watching import published

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.transfer import handlers, queries
from xianjie.transfer.handlers import Bench
from xianjie.transfer.queries import Moment
from xianjie.transfer.rebuild import rebuild
from xianjie.transfer.store.bundles import KeptLaws

Change = Callable[[Path], None]


def threshold(law: Path) -> None:
    """Sales of 50,000 yuan no longer reach the standard."""
    path = law / "standards" / f"{OFFENCE}.yaml"
    text = path.read_text(encoding="utf-8")
    assert "          value: 50000\n" in text
    path.write_text(text.replace("          value: 50000\n", "          value: 60000\n"), encoding="utf-8")


def holiday(law: Path) -> None:
    """Friday 6 March 2026 is a holiday."""
    path = law / "calendars" / "2026.yaml"
    text = path.read_text(encoding="utf-8")
    added = "days_off:\n  - zh: 补充\n    en: Added\n    days: [2026-03-06]\n"
    path.write_text(text.replace("days_off:\n", added), encoding="utf-8")


def remark(law: Path) -> None:
    """Words for the reader; nothing depends on them."""
    path = law / "calendars" / "2026.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# checked again\n", encoding="utf-8")


class Installation:
    """A data directory and the law files beside it, from one start of the service to the next."""

    def __init__(self, place: Path, database: Database, clock: DrivenClock) -> None:
        self.law, self.kept = place / "files", place / "kept"
        self.database, self.clock = database, clock
        shutil.copytree(ROOT / "law", self.law)

    async def start(self, *changes: Change) -> Bench:
        """Change the law and start the service with it."""
        for change in changes:
            change(self.law)
        self.laws = KeptLaws.open(self.law, kept=self.kept)
        self.laws.keep()
        async with self.database.transaction() as tx:
            ref = await handlers.put_law_in_use(tx, law=self.laws.current, clock=self.clock)
        return Bench(law=self.laws.current, clock=self.clock, activation=ref)

    async def told(self, bench: Bench, *cases: CaseFile) -> None:
        """Deliver the events of the cases, each case in a batch of its own."""
        for case in cases:
            async with self.database.transaction() as tx:
                await handlers.take_in(tx, deliveries(case.events), bench=bench)

    async def wake(self, bench: Bench, *, limit: int = 200, crash: bool = False) -> int:
        async with self.database.transaction() as tx:
            woken = await handlers.wake(tx, upto=self.clock.now(), limit=limit, bench=bench)
            if crash:
                raise RuntimeError("the process ends here")
        return woken

    async def shown(self, subject: str, *, known_at: str | None = None) -> dict[str, Any]:
        """The case as the door shows it, as it was known at a moment."""
        known = self.clock.now() if known_at is None else moment(known_at)
        asked = Moment(as_of=self.clock.now(), known_at=known)
        return await queries.case_at(self.database, subject, moment=asked, laws=self.laws)

    async def said(self, *names: str) -> list[dict[str, Any]]:
        """What was published under these names, in order."""
        types = {f"cn.xianjie.{name}.v1" for name in names}
        return [event for event in await published(self.database) if event["type"] in types]

    async def differing(self) -> list[str]:
        return [each.subject async for each in rebuild(self.database, laws=self.laws) if not each.equal]

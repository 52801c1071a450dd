"""`xianjie tour`: the real cases travel through every service, then a table and an address.

The cases are replayed with the clock at the moments at which an organ that records without delay would have
released each record; afterwards the clock goes to the present and stays there. Data that is there already
is found again and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from xianjie.chassis.clock import ReplayClock, SystemClock

from .doors import Doors
from .embedded import System, running
from .overview import table
from .places import REAL_CASES, Places
from .replay import Line, Unreadable, move, play, read_organs, read_streams
from .serving import stop_on_signals

Say = Callable[[str], None]


async def tour(data: Path, *, port: int, say: Say, complain: Say) -> int:
    """Load the real cases if they are not there, print the table and the address, serve until a signal.

    Returns:
        1 if the door refused an event of a real case, else 0.

    Raises:
        Unreadable: the data directory holds the data of a system that was not begun as a tour.
    """
    stop = stop_on_signals()
    places = Places(data)
    _begin(places)
    lines = read_streams(sorted((REAL_CASES / "streams").glob("RC-*.ndjson")))
    loaded = places.data / "real-cases-loaded"
    clock = SystemClock() if loaded.exists() else ReplayClock(lines[0].at - timedelta(seconds=1))
    async with running(places, port=port, clock=clock) as system:
        doors = Doors(system.url, admin_key=system.admin_key)
        try:
            refused = 0
            if isinstance(clock, ReplayClock):
                complain("正在载入真实案例 / loading the real cases ...")
                refused = await _load(lines, system=system, doors=doors, clock=clock, complain=complain)
                if not refused:
                    loaded.touch()
            say(table(await doors.overview(), lines=len(lines)))
            say("说明：来源未公布的步骤在此没有记录；线索只提示核查，不是认定，更不是对任何机关的结论。")
            say(f"服务地址 / address: {system.url}")
            say(f"查询密钥 / key: {places.admin_key}")
            await stop.wait()
        finally:
            await doors.close()
    return 1 if refused else 0


def _begin(places: Places) -> None:
    """Mark the data directory as one of a tour, before anything is in it.

    A replay sets the clock back by years, so it must never meet the data of agencies: what they would publish
    meanwhile got receipts of a wrong time.
    """
    begun = places.data / "real-cases-begun"
    if begun.exists():
        return
    if places.cluster.exists():
        raise Unreadable(
            f"{places.data}: 此目录已有正式数据，不能载入真实案例；"
            "请用 xianjie up 启动，或以 XIANJIE_DATA 指定其他目录 / "
            "holds the data of a system that is no tour; start it with `xianjie up`, "
            "or name another directory"
        )
    places.data.mkdir(parents=True, exist_ok=True)
    begun.touch()


async def _load(
    lines: Sequence[Line], *, system: System, doors: Doors, clock: ReplayClock, complain: Say
) -> int:
    """Replay the cases, then let the clock run; return how many events were refused."""
    now: datetime = SystemClock().now()
    await doors.load_organs(read_organs(REAL_CASES / "organs.yaml"))
    played = await play(lines, system=system, doors=doors, clock=clock)
    for refusal in played.refused:
        complain(f"{refusal['stream']}:{refusal['line']}: {refusal['problems']}")
    await move(clock, now, system)
    clock.release()
    return len(played.refused)

"""Commands about evidence: the log, and the state of the cases against their events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from xianjie.lawbook.bundle import Lawbook
from xianjie.tlog.faults import Verdict
from xianjie.tlog.notes import NoteError, VerifierKey
from xianjie.tlog.readers import DirectoryReader, HttpReader, Reader
from xianjie.tlog.verify import Verification, verify
from xianjie.transfer.rebuild import rebuild as compare
from xianjie.transfer.store.bundles import KeptLaws

from .attaching import attached
from .places import LAW, Places
from .replay import Unreadable

Say = Callable[[str], None]


async def verify_log(source: str, *, key: str | None, say: Say) -> int:
    """Verify a published log whole: signature, every leaf, every tile, the root.

    Args:
        source: address of the log, or directory in the layout of tlog-tiles.
        key: verifier key; without one the log's own is taken, which proves integrity, not origin.

    Returns:
        0 if all verdicts hold, else 1.

    Raises:
        Unreadable: the source or the key cannot be read.
    """
    reader, own = _reader(source)
    try:
        if key is None:
            held = reader.read(own)
            if held is None:
                raise Unreadable(f"{source}: 没有公钥，请用 --key 指定 / no key there, name one with --key")
            key = held.decode().strip()
        found = verify(reader, VerifierKey.parse(key))
    except (OSError, NoteError) as error:
        raise Unreadable(f"{source}: {error}") from error
    _report(found, say)
    return 0 if found.holds else 1


def _reader(source: str) -> tuple[Reader, str]:
    if source.startswith(("http://", "https://")):
        address = source.rstrip("/")
        return HttpReader(address if address.endswith("/audit/v1") else f"{address}/audit/v1"), "key"
    return DirectoryReader(Path(source)), "key"


def _report(found: Verification, say: Say) -> None:
    verdicts: list[tuple[str, Verdict | None]] = [
        ("签名 signature", found.signature),
        ("完整 integrity of entries and tiles", found.tiles),
        ("大小 size", found.size),
        ("延续 continuity", found.continuity),
    ]
    if found.checkpoint is not None:
        say(f"日志 {found.checkpoint.origin}，{found.checkpoint.size} 条 / leaves recomputed: {found.leaves}")
    for name, verdict in verdicts:
        if verdict is not None:
            say(f"{'成立' if verdict.holds else '不成立'}  {name}")
            for fault in verdict.faults:
                say(f"    {fault.path}: {fault.text} / {fault.text_en}")


async def rebuild(data: Path, *, say: Say) -> int:
    """Fold every case again from its events and compare with what is kept.

    Returns:
        0 if every case stands as its events say, else 1.
    """
    cases = differing = 0
    laws = KeptLaws(Lawbook.load(LAW), Places(data).laws)
    async with attached(Places(data)) as databases:
        async for compared in compare(databases["transfer"], laws=laws):
            cases += 1
            if not compared.equal:
                differing += 1
                say(f"不一致 / differs: {compared.subject} {compared.kept} {compared.folded}")
    say(f"重新归集 {cases} 件，不一致 {differing} 件 / {cases} cases folded again, {differing} differ")
    return 1 if differing else 0

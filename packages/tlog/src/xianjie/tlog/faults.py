"""What verification can find wrong, each named once, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        code: stable dotted name.
        path: the published file that is wrong or missing.
        leaf: index of the leaf concerned (the first of several); None where no single leaf is.
        text: what is wrong, in Chinese.
        text_en: the same in English.
    """

    code: str
    path: str
    leaf: int | None
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one question is answered well, and what stands against it."""

    faults: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def missing(path: str, *, leaf: int | None = None) -> Fault:
    """A file that the size demands is not there."""
    return Fault("file.missing", path, leaf, f"缺少文件 {path}", f"{path} is missing")


def not_signed(path: str, reason: str) -> Fault:
    """The checkpoint does not carry a valid signature of the key."""
    return Fault(
        "signature.wrong", path, None, f"检查点签名不成立：{reason}", f"the signature does not hold: {reason}"
    )


def other_origin(path: str, *, found: str, expected: str) -> Fault:
    """The checkpoint is that of another log."""
    return Fault(
        "origin.other",
        path,
        None,
        f"检查点属于日志“{found}”，应为“{expected}”",
        f"the checkpoint is of the log {found}, expected {expected}",
    )


def unreadable(path: str, reason: str, *, leaf: int | None = None) -> Fault:
    """A file is not of the form that the specification gives."""
    return Fault("file.malformed", path, leaf, f"{path} 格式不符：{reason}", f"{path} is malformed: {reason}")


def cut_short(path: str, *, first_missing: int, expected: int, found: int) -> Fault:
    """A bundle holds fewer entries than the checkpoint counts."""
    return Fault(
        "bundle.short",
        path,
        first_missing,
        f"{path} 应有 {expected} 条，实有 {found} 条，自第 {first_missing} 条起缺失",
        f"{path} should hold {expected} entries and holds {found}: gone from leaf {first_missing} on",
    )


def overfull(path: str, *, expected: int, found: int) -> Fault:
    """A bundle holds more entries than its name says."""
    return Fault(
        "bundle.long",
        path,
        None,
        f"{path} 应有 {expected} 条，实有 {found} 条",
        f"{path} should hold {expected} entries and holds {found}",
    )


def cut_tail(path: str, *, first_missing: int, size: int) -> Fault:
    """Neither entries nor hashes exist from some leaf on."""
    return Fault(
        "log.cut",
        path,
        first_missing,
        f"检查点声明 {size} 条，自第 {first_missing} 条起既无条目也无哈希",
        f"the checkpoint counts {size}; from leaf {first_missing} on there are no entries and no hashes",
    )


def changed_entries(path: str, *, leaves: Sequence[int], computed: bytes, expected: bytes) -> Fault:
    """Entries do not hash to the leaves under the signed root."""
    if len(leaves) == 1:
        zh, en = f"第 {leaves[0]} 条", f"entry {leaves[0]}"
    else:
        zh = f"第 {leaves[0]} 至 {leaves[-1]} 条中的 {len(leaves)} 条"
        en = f"{len(leaves)} entries from {leaves[0]} to {leaves[-1]}"
    return Fault(
        "entry.changed",
        path,
        leaves[0],
        f"{path} 中{zh}被改动：内容哈希为 {computed.hex()}，日志记录为 {expected.hex()}",
        f"{path}: {en} changed: it hashes to {computed.hex()}, the log holds {expected.hex()}",
    )


def moved_entry(path: str, *, leaf: int, belongs_at: int) -> Fault:
    """An entry stands in the place of another one."""
    return Fault(
        "entry.moved",
        path,
        leaf,
        f"{path} 中第 {leaf} 条的位置上是第 {belongs_at} 条",
        f"{path}: in the place of entry {leaf} stands entry {belongs_at}",
    )


def changed_tile(
    path: str, *, positions: Sequence[int], first_leaf: int, found: bytes, expected: bytes
) -> Fault:
    """A published tile differs from the hashes under the signed root."""
    many = "" if len(positions) == 1 else f"（共 {len(positions)} 个）"
    many_en = "" if len(positions) == 1 else f" (and {len(positions) - 1} more up to {positions[-1]})"
    return Fault(
        "tile.changed",
        path,
        first_leaf,
        f"{path} 第 {positions[0]} 个哈希{many}有误：文件为 {found.hex()}，应为 {expected.hex()}"
        f"（自第 {first_leaf} 条叶子起）",
        f"{path}: hash {positions[0]}{many_en} is wrong: the file has {found.hex()}, it should be "
        f"{expected.hex()} (leaves from {first_leaf})",
    )


def disagreement(entries: str, tile: str, *, leaves: Sequence[int]) -> Fault:
    """Entries and tile disagree, and the signed root agrees with neither."""
    return Fault(
        "entry.disagrees",
        entries,
        leaves[0],
        f"{entries} 与 {tile} 自第 {leaves[0]} 条起有 {len(leaves)} 处不一致，签名的根哈希与两者均不符",
        f"{entries} and {tile} disagree about {len(leaves)} leaves from {leaves[0]}; "
        "the signed root fits neither",
    )


def other_root(path: str, *, size: int, signed: bytes, computed: bytes) -> Fault:
    """The entries do not lead to the signed root."""
    return Fault(
        "root.other",
        path,
        None,
        f"{size} 条条目的根哈希为 {computed.hex()}，检查点为 {signed.hex()}",
        f"the {size} entries lead to root {computed.hex()}, the checkpoint says {signed.hex()}",
    )


def incomputable_root(path: str, *, leaf: int) -> Fault:
    """A part of the tree is wholly missing, so that no root can be computed."""
    return Fault(
        "root.unknown",
        path,
        leaf,
        f"自第 {leaf} 条起的条目和哈希均缺失，无法计算根哈希",
        f"entries and hashes from leaf {leaf} on are missing, so that no root can be computed",
    )


def shorter(path: str, *, size: int, known: int) -> Fault:
    """The log is shorter than a checkpoint that somebody kept."""
    return Fault(
        "log.shorter",
        path,
        size,
        f"日志现有 {size} 条，少于此前见证的 {known} 条：尾部被截去",
        f"the log has {size} leaves, fewer than the {known} of the checkpoint kept: its tail was cut",
    )


def forked(path: str, *, known: int, signed: bytes, computed: bytes) -> Fault:
    """The log does not begin with what somebody kept."""
    return Fault(
        "log.forked",
        path,
        None,
        f"前 {known} 条的根哈希为 {computed.hex()}，此前见证为 {signed.hex()}：历史被改写",
        f"the first {known} leaves lead to root {computed.hex()}, the checkpoint kept says {signed.hex()}: "
        "history was rewritten",
    )

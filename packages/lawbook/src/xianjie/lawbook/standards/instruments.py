"""From the file of one instrument, `instruments/<id>.yaml`, to the instrument."""

from __future__ import annotations

import re
from types import MappingProxyType

from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.standards.catalogue import AttestedArticle, Instrument

FOLDER = "instruments/"
_DIGEST = re.compile(r"sha-256:[0-9a-f]{64}\Z")


def read_instrument(record: Record) -> Instrument:
    """Read one instrument; faults are noted in the record."""
    instrument = Instrument(
        id=record.name("id"),
        title_zh=record.text("title_zh"),
        short_zh=record.text_or_none("short_zh"),
        number=record.text_or_null("number"),
        issuer=record.text_or_null("issuer"),
        effective_from=record.day_or_null("effective_from"),
        effective_to=record.day_or_none("effective_to"),
        grade=record.choice("grade", Grade).value,
        text_read=record.text("text_read"),
        text_digest=_digest(record, "text_digest") if record.has("text_digest") else None,
        text_part=record.text_or_none("text_part"),
        note=record.text_or_none("note"),
        articles=MappingProxyType(_articles(record.below("articles")) if record.has("articles") else {}),
    )
    if f"{FOLDER}{instrument.id}.yaml" != record.file:
        record.wrong("id", "应与文件名相同", "must equal the name of the file")
    first, last = instrument.effective_from, instrument.effective_to
    if first is not None and last is not None and last < first:
        record.wrong("effective_to", "施行终止日早于施行日", "ends before it begins")
    if first is None and instrument.note is None:
        record.wrong("note", "施行日未取得的应说明", "must say why the first day is not known")
    if instrument.articles and instrument.text_digest is None:
        record.wrong("articles", "没有文本摘要的文件不得记录条文", "no article without text_digest")
    record.finish()
    return instrument


def _articles(record: Record) -> dict[str, AttestedArticle]:
    found = {}
    for name in record.names():
        item = record.below(name)
        numbers = item.numbers("numbers")
        if list(numbers) != sorted(set(numbers)):
            item.wrong("numbers", "应由小到大、不重复", "must ascend without repeating")
        found[name] = AttestedArticle(_digest(item, "digest"), numbers, item.text_or_none("heading"))
        item.finish()
    return found


def _digest(record: Record, key: str) -> str:
    text = record.text(key)
    if not _DIGEST.match(text):
        record.wrong(key, "应为 sha-256: 加 64 位十六进制", "must be sha-256:<64 hex digits>")
    return text

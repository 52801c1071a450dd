"""Texts of instruments taken apart: their articles, and the numbers that an article states.

A number is a fact and no text: with the numbers of every cited article on record, a threshold can be held
against its source where the source itself is not at hand.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from xianjie.lawbook.standards.values import Number

WHOLE, OPENING = "全文", "文首"
_DIGITS = "零一二三四五六七八九"
_VALUES = {sign: value for value, sign in enumerate(_DIGITS)} | {"两": 2, "〇": 0}
_SIZES = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = "零〇一二两三四五六七八九十百千万亿"

_MARKS = re.compile(r"^[\s　>*#-]+|[*#]+", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
# How an article begins: 第三条, 第三条之一; in older texts （三）…, 三、…
_HEADINGS = (
    re.compile(
        r"(?:^|如下：)(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)", re.MULTILINE
    ),
    re.compile(r"^(（[一二三四五六七八九十]+）)", re.MULTILINE),
    re.compile(r"^([一二三四五六七八九十]+、)", re.MULTILINE),
)
_CHAPTER = re.compile(r"^第[一二三四五六七八九十百]+[编章节]|^附件|^附[:：]", re.MULTILINE)

# Numbers that count no thing: places in texts, items of lists, calendar days, numbers of papers.
_PLACES = re.compile(
    rf"第[（(]?[{_NUMERAL}]+[）)]?(?:[条款项章节编次届号部批版目](?:之[一二三四五六七八九十]+)?)?"
    rf"|(?:、|至|和|或者|及)[（(][{_NUMERAL}]+[）)]项?"
    rf"|[（(][{_NUMERAL}]+[）)]"
    rf"|(?:(?<=^)|(?<=[：；。]))[{_NUMERAL}]+、"
    r"|〔[0-9]{4}〕[0-9]*号?|[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]{1,2}月[0-9]{1,2}日"
    rf"|[二一][〇○零0九][〇○零0-9一二三四五六七八九]{{2}}年(?:[{_NUMERAL}]{{1,3}}月(?:[{_NUMERAL}]{{1,3}}日)?)?"
    r"|(?:(?<=^)|(?<=[：；。]))[0-9]{1,2}[.、](?![0-9])"
)
_WORDS = re.compile(
    rf"(?<![{_NUMERAL}])(?:十分(?![之钟])|万分(?!之)|万一(?![{_NUMERAL}]))"
    "|之一(?!的?[罪款])|一般|统一|一并|一律|一定|一致|唯一|一切|任一|一旦|同一|单一|不一|一经|一方面"
    "|两高|一手|一体|百姓|千方百计|一贯|一味|进一步|一同|一次性|两侧|一线|百货|其一|逐一"
)
_SHARE = re.compile(rf"(?P<whole>[百千万三四五二十]+)分之(?P<part>[{_NUMERAL}]+(?:点[{_DIGITS}〇]+)?)")
_CHINESE = re.compile(rf"[{_NUMERAL}]+(?:点[{_DIGITS}〇]+)?")
_ARABIC = re.compile(
    r"(?P<number>[0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?)(?P<large>[十百千]?[万亿]{1,2}|[百千])?"
)
_AND_HALF = re.compile(rf"(?P<whole>[{_NUMERAL}]+)(?:个|年|倍)半")
_HALF = re.compile("半")
_OF_THOUSAND = frozenset("克米瓦升")


def articles_of(text: str, part: str | None = None) -> dict[str, str]:
    """Return the articles of a text by their names, each without layout.

    Args:
        part: for a file that holds several texts, words of the heading (`## …`) under which this one stands.

    The whole text has the name 全文, what precedes its first article 文首. Where a name stands twice the
    longer of the two is taken: the other is a table of contents.

    Raises:
        ValueError: no heading holds the words of `part`.
    """
    lines = _MARKS.sub("", _under(text, part) if part is not None else text)
    found = {WHOLE: bare(lines)}
    for heading in _HEADINGS:
        marks = list(heading.finditer(lines))
        begins = [*(mark.start(1) for mark in marks), len(lines)]
        if marks and OPENING not in found:
            found[OPENING] = bare(lines[: begins[0]])
        for mark, end in zip(marks, begins[1:], strict=True):
            chapter = _CHAPTER.search(lines, mark.end(), end) if heading is _HEADINGS[0] else None
            article = bare(lines[mark.start(1) : chapter.start() if chapter else end])
            if len(article) > len(found.get(mark[1], "")):
                found[mark[1]] = article
    return found


def _under(text: str, part: str) -> str:
    pieces = re.split(r"^## ", text, flags=re.MULTILINE)
    for piece in pieces[1:]:
        heading, _, body = piece.partition("\n")
        if part in heading:
            return body
    raise ValueError(f"no heading with the words {part}")


def bare(text: str) -> str:
    """Return a text without any blank, in the one form that Unicode gives signs of full and half width."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).replace("(", "（").replace(")", "）"))


def digest_of_text(article: str) -> str:
    """Return "sha-256:<hex>" of the text of an article, whatever its layout."""
    return f"sha-256:{hashlib.sha256(bare(article).encode()).hexdigest()}"


def numbers_in(article: str) -> tuple[Number, ...]:
    """Return every number that a text states, each once, ascending, in plain form.

    五万元 and 5万元 are 50000, 百分之八十 and 80% are 80, 三分之一 is 3 and 1, 半 is 0.5, 一个半月 is 1.5 as
    well. Of 五千克 both readings are returned. Numbers of articles, items, papers and days are left out.
    """
    text = _WORDS.sub("|", _PLACES.sub("|", bare(article)))
    return tuple(sorted({_plain(number) for number in _numbers(text)}))


def _numbers(text: str) -> Iterator[Decimal]:
    for match in _SHARE.finditer(text):
        if match["whole"] not in ("百", "千", "万"):
            yield _chinese(match["whole"])
        yield _chinese(match["part"])
    text = _SHARE.sub("|", text)
    for match in _AND_HALF.finditer(text):
        yield _chinese(match["whole"]) + Decimal("0.5")
    for match in _ARABIC.finditer(text):
        number, large = Decimal(match["number"].replace(",", "").replace("，", "")), match["large"] or ""
        yield number * _size(large)
        if large == "千" and text[match.end() : match.end() + 1] in _OF_THOUSAND:
            yield number
    text = _ARABIC.sub("|", text)
    for match in _CHINESE.finditer(text):
        yield _chinese(match[0])
        # 五千克 is five kilograms as well as five thousand grams.
        if match[0].endswith("千") and text[match.end() : match.end() + 1] in _OF_THOUSAND:
            yield _chinese(match[0][:-1] or "一")
    if _HALF.search(text):
        yield Decimal("0.5")


def _size(signs: str) -> int:
    size = 1
    for sign in signs:
        size *= _SIZES.get(sign) or _LARGE[sign]
    return size


def _chinese(text: str) -> Decimal:
    """Return the number that Chinese numerals write: 一百五十万, 两千, 一点五, 二〇."""
    whole, _, decimals = text.partition("点")
    number = Decimal(_whole(whole))
    if decimals:
        number += Decimal("0." + "".join(str(_VALUES[sign]) for sign in decimals))
    return number


def _whole(text: str) -> int:
    for sign in ("亿", "万"):
        before, found, after = text.rpartition(sign)
        if found:
            return (_whole(before) or 1) * _LARGE[sign] + _whole(after)
    if len(text) > 1 and not set(text) & _SIZES.keys():
        return int("".join(str(_VALUES[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _SIZES:
            total += (digit or 1) * _SIZES[sign]
            digit = 0
        else:
            digit = _VALUES[sign]
    return total + digit


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else number.normalize()

"""Which offences to read first for a text that somebody wrote: an order of reading, never a result.

The words of the catalogue decide: the names of the offences, the elements of their conduct, their limbs and
facts, and the administrative causes of action that point to them. A text and an offence share characters,
pairs of neighbouring characters and words in Latin letters; the fewer offences have one, the more it counts.
Scores are whole numbers, and the same text always gives the same list. A text without any such word gives an
empty list, which says nothing about the conduct.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from xianjie.lawbook.procedure.causes import Cause
from xianjie.lawbook.standards.catalogue import Offence, Standards

_RUN = re.compile(r"[\u3400-\u9fff]+")  # Chinese characters without anything between
_LATIN = re.compile(r"[a-z][a-z0-9]+")  # POS, P2P, VoIP
_NAME, _CONDUCT, _CAUSE, _LIMB = 3, 2, 2, 1
_PAIR, _SINGLE = 2, 1
_FIELD = 4  # bytes for the score of one offence


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offence to read about.

    Attributes:
        score: for the order within one list only; scores of two texts cannot be compared.
    """

    offence: str
    name_zh: str
    score: int


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """The words of a catalogue, ready to be looked up.

    `_shares` has for each word one whole number that holds what the word adds to every offence, four bytes
    for each in the order of `_offences`: one addition of whole numbers adds up all offences at once. A sum
    never runs over: a text is a set of words, and all words of the catalogue together stay below 2^32.
    """

    _offences: tuple[tuple[str, str], ...]
    _shares: Mapping[str, int]

    @classmethod
    def of(cls, standards: Standards, causes: Iterable[Cause] = ()) -> Candidates:
        """Prepare a catalogue and, where there are any, the causes of action that point to its offences."""
        named: dict[str, list[str]] = {}
        for cause in causes:
            for name in cause.offences:
                named.setdefault(name, []).extend((cause.name_zh, *cause.aliases_zh))
        offences = tuple(standards.offences.values())
        weights: dict[str, dict[int, int]] = {}
        for place, offence in enumerate(offences):
            for text, weight in _texts(offence, named.get(offence.id, ())):
                for word in _words(text):
                    of_word = weights.setdefault(word, {})
                    of_word[place] = max(weight, of_word.get(place, 0))
        return cls(
            tuple((offence.id, offence.name_zh) for offence in offences),
            {word: _packed(word, of_word, len(offences)) for word, of_word in weights.items()},
        )

    def for_text(self, text: str, limit: int = 5) -> tuple[Candidate, ...]:
        """Return at most `limit` offences that share a word with the text, the closest first."""
        shares = self._shares
        total = sum(shares[word] for word in _words(text) if word in shares)
        if not total:
            return ()
        count = len(self._offences)
        scores = struct.unpack(f"<{count}I", total.to_bytes(_FIELD * count, "little"))
        ranked = ((-score, place) for place, score in enumerate(scores) if score)
        return tuple(
            Candidate(*self._offences[place], score=-negative) for negative, place in nsmallest(limit, ranked)
        )


def _texts(offence: Offence, causes: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield every text that speaks of the offence with its weight."""
    yield offence.name_zh.replace("罪", ""), _NAME
    for cause in causes:
        yield cause, _CAUSE
    for version in offence.versions:
        for tree, weight in ((version.gate, _CONDUCT), (version.criteria, _LIMB)):
            for node in tree.walk() if tree is not None else ():
                yield node.wording.zh or "", weight
                for slot in node.slots:
                    yield version.facts[slot].label_zh, weight


def _words(text: str) -> set[str]:
    """Return the characters of a text, its pairs of neighbouring characters, and its Latin words."""
    words = set(_LATIN.findall(text.lower()))
    for run in _RUN.findall(text):
        words.update(run)
        words.update(map(str.__add__, run, run[1:]))
    return words


def _packed(word: str, weights: Mapping[int, int], offences: int) -> int:
    """Return what a word adds to each offence, in one number.

    How rare the word is counts as its number of bits: 4 log2(offences / offences with the word), rounded up.
    """
    rarity = (offences**4 // len(weights) ** 4).bit_length()
    factor = rarity * (_PAIR if len(word) > 1 else _SINGLE)
    return sum(weight * factor << 8 * _FIELD * place for place, weight in weights.items())

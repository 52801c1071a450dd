"""Rules: who is told of which fact, how urgently, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from xianjie.notification.domain.due import Words
from xianjie.notification.domain.facts import Fact, FactKind


class Role(StrEnum):
    """Whom a rule can address."""

    CONCERNED = "concerned"
    """The responsible organ of a finding, the bearer of a clock, the organ that stayed silent."""
    SUPERVISORS = "supervisors"
    """Procuratorate and joint-meeting office of the concerned organ, else its superior."""


class Urgency(StrEnum):
    """How soon a person should look."""

    ROUTINE = "routine"
    PROMPT = "prompt"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of services/notification/rules.

    Attributes:
        id: stable; part of the ids of the messages it makes.
        fact: what it is about.
        when: trait to accepted values; every trait must be accepted.
        to: whom it addresses.
        urgency: how soon a person should look.
        answer_within: local service target for the acknowledgement, never statutory; None: none is asked.
        title: one line, with placeholders.
        body: one paragraph, with placeholders.
    """

    id: str
    fact: FactKind
    when: Mapping[str, frozenset[str]]
    to: tuple[Role, ...]
    urgency: Urgency
    answer_within: timedelta | None
    title: Words
    body: Words

    def applies_to(self, fact: Fact) -> bool:
        """Whether the fact is of the rule's kind and meets every condition."""
        return fact.kind == self.fact and all(fact.traits[trait] in ok for trait, ok in self.when.items())

"""Messages: made from a fact, a rule and a recipient, with an id that redelivery cannot change."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from xianjie.contracts.recorded import Ref
from xianjie.notification.domain.due import Words, moment_in_words
from xianjie.notification.domain.facts import Fact
from xianjie.notification.domain.registry import Registry, ladder
from xianjie.notification.domain.rules import Role, Rule, Urgency

ANSWER_LABEL: Final = Words(
    "本平台服务目标，不是法定期限", "service target of the platform, not a statutory term"
)


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message in the inbox of one organ.

    Attributes:
        id: `ntf_` and 26 characters of base32, derived from rule, fact and recipient.
        recipient: organ id.
        subject: case id.
        about: the event that the message is about.
        rule: rule id.
        level: level of the finding, None for other facts.
        title: one line.
        body: one paragraph.
        urgency: how soon a person should look.
        created_at: instant from which the recipient could see it.
        must_answer_by: local service target for the acknowledgement, None where none is asked.
    """

    id: str
    recipient: str
    subject: str
    about: Ref
    rule: str
    level: str | None
    title: Words
    body: Words
    urgency: Urgency
    created_at: datetime
    must_answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class Unrouted:
    """A fact whose supervisors cannot be told yet, kept until the registry can.

    Attributes:
        rule: rule id.
        fact: what happened.
        waits_for: `organ:<id>` and `region:<code>` keys; whatever arrives under one of them may end the wait.
    """

    rule: str
    fact: Fact
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """What one batch of facts comes to."""

    messages: tuple[InboxMessage, ...]
    unrouted: tuple[Unrouted, ...]


def message_id(*, rule: str, fact: Ref, recipient: str) -> str:
    """Return the id of the one message that this rule makes of this fact for this recipient."""
    digest = sha256("\n".join((rule, fact.source, fact.id, recipient)).encode()).digest()
    return "ntf_" + b32encode(digest).decode()[:26].lower()


def route(
    matches: Iterable[tuple[Rule, Fact]], *, registry: Registry, created_at: Callable[[datetime], datetime]
) -> Routing:
    """Make every message that can be made, and keep the facts whose supervisors are not known.

    Args:
        matches: rules with the facts they apply to.
        registry: the organs concerned and their overseers.
        created_at: gives the moment of a message from the moment of its fact.
    """
    messages: dict[str, InboxMessage] = {}
    unrouted = []
    for rule, fact in matches:
        supervisors = registry.supervisors(fact.concerned) if Role.SUPERVISORS in rule.to else ()
        if Role.SUPERVISORS in rule.to and not supervisors:
            unrouted.append(Unrouted(rule.id, fact, waiting_keys(fact.concerned, registry=registry)))
        named = (fact.concerned,) if Role.CONCERNED in rule.to else ()
        for recipient in _living(named + supervisors, registry):
            message = compose(
                rule, fact, recipient=recipient, registry=registry, created_at=created_at(fact.at)
            )
            messages.setdefault(message.id, message)
    return Routing(tuple(messages.values()), tuple(unrouted))


def waiting_keys(organ_id: str, *, registry: Registry) -> tuple[str, ...]:
    """Return the arrivals that could tell who supervises the organ."""
    organ = registry.organs.get(organ_id)
    regions = tuple(f"region:{code}" for code in ladder(organ.region)) if organ else ()
    return (f"organ:{organ_id}", *regions)


def matching(rules: Sequence[Rule], facts: Iterable[Fact]) -> list[tuple[Rule, Fact]]:
    """Return every rule with every fact it applies to, in the order of the facts."""
    return [(rule, fact) for fact in facts for rule in rules if rule.applies_to(fact)]


def compose(
    rule: Rule, fact: Fact, *, recipient: str, registry: Registry, created_at: datetime
) -> InboxMessage:
    """Write the message of this rule about this fact to this recipient.

    Where an answer is asked for, the text names the moment and says that it is no statutory term, whatever
    the rule's own words are.
    """
    words = dict(fact.words)
    for placeholder, organ_id in fact.organs.items():
        name = registry.name(organ_id)
        words[placeholder] = Words(name, name)
    body = _fill(rule.body, words)
    answer_by = created_at + rule.answer_within if rule.answer_within else None
    if answer_by:
        moment = moment_in_words(answer_by)
        body = Words(
            f"{body.zh}请在{moment.zh}前签收（{ANSWER_LABEL.zh}）。",
            f"{body.en} Please acknowledge by {moment.en} ({ANSWER_LABEL.en}).",
        )
    return InboxMessage(
        id=message_id(rule=rule.id, fact=fact.ref, recipient=recipient),
        recipient=recipient,
        subject=fact.subject,
        about=fact.ref,
        rule=rule.id,
        level=fact.traits.get("level"),
        title=_fill(rule.title, words),
        body=body,
        urgency=rule.urgency,
        created_at=created_at,
        must_answer_by=answer_by,
    )


def _living(recipients: Iterable[str], registry: Registry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(heir for each in recipients for heir in registry.heirs(each)))


def _fill(template: Words, words: dict[str, Words]) -> Words:
    return Words(
        template.zh.format_map({name: each.zh for name, each in words.items()}),
        template.en.format_map({name: each.en for name, each in words.items()}),
    )

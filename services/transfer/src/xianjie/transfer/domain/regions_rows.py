"""The transitions of a case as data, region by region.

Source: procedure of the linkage, sections 3.1 to 3.4; the number of a row is that of the transition
there. A row applies to an event of its type, by an organ of its kinds, whose enum field has one of
the selecting values, when its guard holds and the region is in one of its from-states. `STAYS` says
that such an event is lawful there and changes nothing. A row marked `anew` leads back (a case opened
again on new facts): it needs an act that is certainly later than the one that gave the state.
"""

from __future__ import annotations

from dataclasses import dataclass

STAYS = "="
NOTHING = "-"  # nothing of the region has begun

# States of a region from the first to the furthest; states in one tuple are equally far.
Order = tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One transition.

    Attributes:
        number: number in the procedure, or the article for what section 3 says in words.
        event: event type without prefix and version.
        values: selecting values of `field`; empty selects every event of the type.
        emitters: kinds of the organ that acts.
        came_from: states before; None is a region that has not begun.
        to: state after, or STAYS.
        guard: name of a condition in `regions_guards`, empty for none.
        anew: whether the row leads back and needs certainty of order.
    """

    number: str
    event: str
    field: str
    values: frozenset[str]
    emitters: frozenset[str]
    came_from: frozenset[str | None]
    to: str
    guard: str = ""
    anew: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether the row may stand for steps that nobody recorded (catalogue, section 1)."""
        return self.to != STAYS and not self.anew


def row(
    number: str, event: str, emitters: str, came_from: str, to: str, *, guard: str = "", anew: bool = False
) -> Row:
    """Read a row: `event` is `type` or `type field=value|value`, the others are words apart by spaces."""
    name, _, selection = event.partition(" ")
    field, _, values = selection.partition("=")
    states = frozenset(None if state == NOTHING else state for state in came_from.split())
    return Row(
        number=number,
        event=name,
        field=field,
        values=frozenset(values.split("|")) if values else frozenset(),
        emitters=frozenset(emitters.split()),
        came_from=states,
        to=to,
        guard=guard,
        anew=anew,
    )

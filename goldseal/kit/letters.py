"""Letters that a room below messaging wants sent: it says so by this event, after its change is committed."""

from dataclasses import dataclass, field

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to an address, from two templates (subject and text), in a language, for a purpose."""

    to: str
    subject_template: str
    template: str
    language: str
    purpose: str
    facts: dict[str, object] = field(default_factory=dict)


# kwargs: letter
letter_wanted = Signal()

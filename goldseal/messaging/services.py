"""Sending letters: one function, a purpose for each letter, both languages."""

import logging

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

PURPOSES = frozenset({"deliver_service", "account_notice", "security_notice"})

log = logging.getLogger(__name__)


def send_letter(
    *, to: str, subject_template: str, template: str, facts: dict[str, object], language: str, purpose: str
) -> bool:
    """Render and send one letter; False (and a log line without the address) if it could not be sent.

    `purpose` must be one that needs no consent; marketing is not among them (S16).
    """
    if purpose not in PURPOSES:
        raise ValueError(f"No letter may be sent for the purpose {purpose!r}.")
    with translation.override(language):
        subject = " ".join(render_to_string(subject_template, facts).split())
        text = render_to_string(template, facts)
    letter = EmailMultiAlternatives(subject=subject, body=text, to=[to])
    try:
        letter.send()
    except OSError:
        log.exception("A letter (%s) could not be sent", template)
        return False
    return True

"""Letters that other rooms' events ask for."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver

from goldseal.kit.letters import Letter, letter_wanted
from goldseal.messaging.services import send_letter
from goldseal.workspaces.events import member_invited
from goldseal.workspaces.models import Workspace


@receiver(member_invited)
def send_invitation(
    sender: Any,
    *,
    workspace: Workspace,
    email: str,
    role: Any,
    secret: str,
    language: str,
    inviter: str,
    **kwargs: Any,
) -> None:
    """The letter with the invitation's link."""
    send_letter(
        to=email,
        subject_template="messaging/invitation_subject.txt",
        template="messaging/invitation.txt",
        facts={
            "workspace": workspace,
            "role": role.label,
            "inviter": inviter,
            "link": f"{settings.BASE_URL}/invitations/{secret}/",
        },
        language=language,
        purpose="account_notice",
    )


@receiver(letter_wanted)
def send_wanted(sender: Any, *, letter: Letter, **kwargs: Any) -> None:
    """A letter that a lower room wants sent."""
    send_letter(
        to=letter.to,
        subject_template=letter.subject_template,
        template=letter.template,
        facts=letter.facts,
        language=letter.language,
        purpose=letter.purpose,
    )

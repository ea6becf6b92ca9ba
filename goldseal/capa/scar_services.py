"""Asking suppliers for corrective action (SCAR): the request and its link, our acceptance or refusal of an answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import AnswerState, ScarState
from goldseal.capa.models import ReplacedLink, Scar
from goldseal.capa.numbering_services import next_number
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import open_workspace, today_at
from goldseal.capa.writing_services import check_row, locked_scar, open_case, scar_facts
from goldseal.catalog.models import Supplier
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import new_token, token_digest
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.words import Words
from goldseal.messaging.services import send_letter
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

SERIES = "SCAR"
LONGEST_DAYS = 180


def send_scar(
    *, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> tuple[Scar, str]:
    """Ask a supplier for corrective action; a letter with the link goes out once this is committed.

    `values`: supplier (id), email, language (en or bn), asked, due_on, days (the link lives so long). Returns the
    request and the link's secret, kept nowhere else. Raises Invalid at each field, Conflict, Forbidden.
    """
    authorize(actor, "capa.scar")
    with recorded_change():
        case = open_case(nonconformity_id)
        problems: dict[str, Words] = {}
        chosen = values.get("supplier")
        supplier = Supplier.objects.filter(pk=chosen).first() if chosen else None
        if supplier is None:
            problems["supplier"] = _("Choose a supplier of the list.")
        email = _address(str(values.get("email") or ""), problems)
        days = _days(values.get("days"), problems)
        today = today_at(open_workspace(), now)
        due_on = values.get("due_on")
        if due_on is None or due_on < today:
            problems["due_on"] = _("Choose today or a later day.")
        asked = str(values.get("asked") or "").strip()
        if not 10 <= len(asked) <= 4000:
            problems["asked"] = _("Say what is wrong and what you ask for, in 10 to 4,000 characters.")
        if problems or supplier is None or due_on is None:
            raise Invalid(fields=problems)
        secret = new_token()
        scar = Scar(
            number="-",
            nonconformity=case,
            supplier=supplier,
            email=email,
            language="bn" if values.get("language") == "bn" else "en",
            asked=asked,
            due_on=due_on,
            token_digest=token_digest(secret),
            created_by_id=actor.person_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        check_row(scar, exclude=("number",))
        scar.number = next_number(series=SERIES, now=now)
        scar.save(force_insert=True)
        record(event="scar.sent", actor=actor, now=now, obj=case, payload=scar_facts(scar))
        _letter(scar, secret, "scar", {})
    return scar, secret


def renew_link(*, scar_id: UUID, days: int, actor: Actor, now: datetime) -> tuple[Scar, str]:
    """A new link that replaces the old one, with a letter. Raises Conflict once it is settled, Invalid at days."""
    authorize(actor, "capa.scar")
    problems: dict[str, Words] = {}
    days = _days(days, problems)
    if problems:
        raise Invalid(fields=problems)
    with recorded_change():
        scar = locked_scar(scar_id)
        if scar.state in (ScarState.ACCEPTED, ScarState.WITHDRAWN):
            raise Conflict(_("This request is settled; it needs no link."))
        _refuse_asking_when_closed(scar)
        secret = _new_link(scar, days, now)
        record(
            event="scar.link_renewed", actor=actor, now=now, obj=scar.nonconformity, payload=scar_facts(scar)
        )
        _letter(scar, secret, "scar", {})
    return scar, secret


def _refuse_asking_when_closed(scar: Scar) -> None:
    """A new link would be dead: in a closed case nothing is asked of the supplier."""
    if scar.nonconformity.state == lifecycle.CLOSED:
        raise Conflict(_("This nonconformity is closed. Reopen it first."))


def withdraw_scar(*, scar_id: UUID, reason: str, actor: Actor, now: datetime) -> Scar:
    """Take a request back; its link ends at once. Raises Invalid at reason, Conflict."""
    authorize(actor, "capa.scar")
    if len(reason.strip()) < 3:
        raise Invalid(fields={"reason": _("Say why in a few words.")})
    with recorded_change():
        scar = locked_scar(scar_id)
        if scar.state in (ScarState.ACCEPTED, ScarState.WITHDRAWN):
            raise Conflict(_("This request is settled already."))
        scar.state, scar.revoked_at = ScarState.WITHDRAWN, now
        scar.save(update_fields=["state", "revoked_at"])
        record(
            event="scar.withdrawn",
            actor=actor,
            now=now,
            obj=scar.nonconformity,
            payload=scar_facts(scar, reason=reason.strip()[:500]),
        )
    return scar


def judge_answer(
    *, scar_id: UUID, is_accepted: bool, reason: str, actor: Actor, now: datetime
) -> tuple[Scar, str]:
    """Accept the latest answer, or decline it with a reason: then a letter with a new link asks again.

    Returns the request and the new link's secret ("" where it was accepted). Raises Invalid at reason, Conflict.
    """
    authorize(actor, "capa.scar")
    reason = reason.strip()
    if not is_accepted and len(reason) < 3:
        raise Invalid(fields={"reason": _("Say why in a few words.")})
    if len(reason) > 1000:
        raise Invalid(fields={"reason": _("At most 1,000 characters.")})
    secret = ""
    with recorded_change():
        scar = locked_scar(scar_id)
        answer = scar.answers.order_by("-version").first()
        if answer is None or answer.state != AnswerState.GIVEN:
            raise Conflict(_("There is no answer to judge."))
        if not is_accepted:
            _refuse_asking_when_closed(scar)
        answer.state = AnswerState.ACCEPTED if is_accepted else AnswerState.DECLINED
        answer.decision, answer.decided_by_id, answer.decided_at = reason, actor.person_id, now
        answer.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        scar.state = ScarState.ACCEPTED if is_accepted else ScarState.DECLINED
        scar.save(update_fields=["state"])
        payload = scar_facts(scar, version=answer.version, reason=reason[:500])
        if is_accepted:
            record(event="scar.accepted", actor=actor, now=now, obj=scar.nonconformity, payload=payload)
        else:
            days = max(1, (scar.expires_at - scar.created_at).days)
            secret = _new_link(scar, days, now)
            record(event="scar.declined", actor=actor, now=now, obj=scar.nonconformity, payload=payload)
            _letter(scar, secret, "scar_declined", {"reason": reason})
    return scar, secret


def _new_link(scar: Scar, days: int, now: datetime) -> str:
    secret = new_token()
    ReplacedLink.objects.create(scar=scar, token_digest=scar.token_digest, replaced_at=now)
    scar.token_digest, scar.expires_at = token_digest(secret), now + timedelta(days=days)
    scar.save(update_fields=["token_digest", "expires_at"])
    return secret


def _days(given: Any, problems: dict[str, Words]) -> int:
    days = given if isinstance(given, int) else 0
    if not 1 <= days <= LONGEST_DAYS:
        problems["days"] = _("Between 1 and 180 days.")
    return days


def _address(text: str, problems: dict[str, Words]) -> str:
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError:
        problems["email"] = _("Enter the e-mail address to which the link is sent.")
    return email


def link_of(secret: str) -> str:
    """The address under which a supplier answers."""
    return f"{django_settings.BASE_URL}/scar/{secret}/"


def _letter(scar: Scar, secret: str, template: str, more: Mapping[str, object]) -> None:
    facts = {
        "scar": scar,
        "workspace": open_workspace(),
        "link": link_of(secret),
        **more,
    }
    to, language = scar.email, scar.language
    transaction.on_commit(
        lambda: (
            send_letter(
                to=to,
                subject_template=f"capa/letters/{template}_subject.txt",
                template=f"capa/letters/{template}.txt",
                facts=facts,
                language=language,
                purpose="deliver_service",
            )
            and None
        )
    )

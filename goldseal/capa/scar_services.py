"""Asking suppliers for corrective action (SCAR): the link, their answers, our acceptance or refusal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import AnswerState, Purpose, ScarState
from goldseal.capa.models import Proof, Scar, ScarAnswer
from goldseal.capa.numbering_services import next_number
from goldseal.capa.selectors import open_workspace, scar_of, scar_or_missing, today_at
from goldseal.capa.writing_services import check_row, open_case
from goldseal.catalog.models import Supplier
from goldseal.files.services import receive_file
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import new_token, token_digest
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.messaging.services import send_letter
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace, WorkspaceState
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import capability_scope, workspace_scope

SERIES = "SCAR"
LONGEST_DAYS = 180
MOST_ACTIONS, MOST_FILES = 8, 10
ANSWERABLE = (ScarState.SENT, ScarState.DECLINED)
TEXTS = ("containment", "cause_made", "cause_detected")


class Expired(NotFound):
    """The link was ours and no longer works; who holds it may be told."""

    status = 410
    code = "expired"
    title = _("This link has expired. Ask the sender for a new one.")


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
        record(event="scar.sent", actor=actor, now=now, obj=case, payload=_facts(scar))
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
        scar = _locked(scar_id)
        if scar.state in (ScarState.ACCEPTED, ScarState.WITHDRAWN):
            raise Conflict(_("This request is settled; it needs no link."))
        secret = _new_link(scar, days, now)
        record(event="scar.link_renewed", actor=actor, now=now, obj=scar.nonconformity, payload=_facts(scar))
        _letter(scar, secret, "scar", {})
    return scar, secret


def withdraw_scar(*, scar_id: UUID, reason: str, actor: Actor, now: datetime) -> Scar:
    """Take a request back; its link ends at once. Raises Invalid at reason, Conflict."""
    authorize(actor, "capa.scar")
    if len(reason.strip()) < 3:
        raise Invalid(fields={"reason": _("Say why in a few words.")})
    with recorded_change():
        scar = _locked(scar_id)
        if scar.state in (ScarState.ACCEPTED, ScarState.WITHDRAWN):
            raise Conflict(_("This request is settled already."))
        scar.state, scar.revoked_at = ScarState.WITHDRAWN, now
        scar.save(update_fields=["state", "revoked_at"])
        record(
            event="scar.withdrawn",
            actor=actor,
            now=now,
            obj=scar.nonconformity,
            payload=_facts(scar, reason=reason.strip()[:500]),
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
        scar = _locked(scar_id)
        answer = scar.answers.order_by("-version").first()
        if answer is None or answer.state != AnswerState.GIVEN:
            raise Conflict(_("There is no answer to judge."))
        answer.state = AnswerState.ACCEPTED if is_accepted else AnswerState.DECLINED
        answer.decision, answer.decided_by_id, answer.decided_at = reason, actor.person_id, now
        answer.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        scar.state = ScarState.ACCEPTED if is_accepted else ScarState.DECLINED
        scar.save(update_fields=["state"])
        payload = _facts(scar, version=answer.version, reason=reason[:500])
        if is_accepted:
            record(event="scar.accepted", actor=actor, now=now, obj=scar.nonconformity, payload=payload)
        else:
            days = max(1, (scar.expires_at - scar.created_at).days)
            secret = _new_link(scar, days, now)
            record(event="scar.declined", actor=actor, now=now, obj=scar.nonconformity, payload=payload)
            _letter(scar, secret, "scar_declined", {"reason": reason})
    return scar, secret


def visit_scar(*, secret: str, now: datetime) -> Scar:
    """What the holder of a link sees; the first visit is recorded. Raises NotFound, Expired for an own old link."""
    scar = _opened(secret, now)
    with workspace_scope(scar.workspace_id), recorded_change():
        is_first = Scar.objects.filter(pk=scar.pk, viewed_count=0).exists()
        Scar.objects.filter(pk=scar.pk).update(viewed_count=F("viewed_count") + 1, last_viewed_at=now)
        found = scar_or_missing(scar.pk)
        if is_first:
            record(
                event="scar.opened",
                actor=_holder(found),
                now=now,
                obj=found.nonconformity,
                payload=_facts(found),
            )
    return found


def answer_scar(
    *,
    secret: str,
    values: Mapping[str, Any],
    actions: Sequence[Mapping[str, Any]],
    files: Sequence[tuple[str, BinaryIO]],
    attests: bool,
    now: datetime,
) -> ScarAnswer:
    """The supplier answers: name, containment, both causes, actions [{words, owner, due_on}], files.

    Each answer is kept as a version of its own and never changes. `attests`: they may upload these files.
    Raises Invalid at each field, Conflict while an answer is being judged or the request is settled, NotFound.
    """
    opened = _opened(secret, now)
    problems: dict[str, Words] = {}
    name = str(values.get("name") or "").strip()
    if not 2 <= len(name) <= 120:
        problems["name"] = _("Enter your name, 2 to 120 letters.")
    texts = {field: str(values.get(field) or "").strip() for field in TEXTS}
    for field, text in texts.items():
        if not 5 <= len(text) <= 4000:
            problems[field] = _("Write 5 to 4,000 characters.")
    kept = _checked_actions(actions, problems)
    if len(files) > MOST_FILES:
        problems["files"] = _("At most %(most)s files can be attached here.") % {"most": MOST_FILES}
    if files and not attests:
        problems["attests"] = _("Confirm below that you may upload this content.")
    if problems:
        raise Invalid(fields=problems)
    with workspace_scope(opened.workspace_id), recorded_change():
        scar = _locked(opened.pk)
        if scar.state not in ANSWERABLE:
            raise Conflict(_("This request was answered already. You will hear from the sender."))
        last = scar.answers.order_by("-version").values_list("version", flat=True).first() or 0
        answer = ScarAnswer(scar=scar, version=last + 1, name=name, actions=kept, at=now)
        for field, text in texts.items():
            setattr(answer, field, text)
        answer.save(force_insert=True)
        _attach(scar, answer, files, now)
        scar.state = ScarState.ANSWERED
        scar.save(update_fields=["state"])
        record(
            event="scar.answered",
            actor=_holder(scar),
            now=now,
            obj=scar.nonconformity,
            payload=_facts(scar, version=answer.version, name=name, files=len(files)),
        )
    return answer


def _checked_actions(rows: Sequence[Mapping[str, Any]], problems: dict[str, Words]) -> list[dict[str, str]]:
    kept = []
    for place, row in enumerate(rows[:MOST_ACTIONS]):
        words, owner = (str(row.get(field) or "").strip() for field in ("words", "owner"))
        due_on = row.get("due_on")
        if not words and not owner and due_on is None:
            continue
        if not 3 <= len(words) <= 1000:
            problems[f"words-{place}"] = _("Say what is done, in 3 to 1,000 characters.")
        if len(owner) > 120:
            problems[f"owner-{place}"] = _("At most 120 characters.")
        if not isinstance(due_on, date):
            problems[f"due_on-{place}"] = _("Say until when.")
        kept.append({"words": words, "owner": owner, "due_on": due_on.isoformat() if due_on else ""})
    if not kept:
        problems["words-0"] = _("Name at least one action with its date.")
    return kept


def _attach(scar: Scar, answer: ScarAnswer, files: Sequence[tuple[str, BinaryIO]], now: datetime) -> None:
    # A supplier has no account: the program receives the files on their behalf, in their name.
    receiver = Actor(person_id=None, name=_holder(scar).name, via="job", workspace_id=scar.workspace_id)
    for name, source in files:
        try:
            kept = receive_file(source=source, name=name, actor=receiver, now=now)
        except Invalid as refused:
            raise Invalid(fields={"files": refused.message}) from refused
        Proof.objects.create(
            nonconformity=scar.nonconformity, attachment=kept, purpose=Purpose.CAUSE, answer=answer, at=now
        )


def _opened(secret: str, now: datetime) -> Scar:
    digest = token_digest(secret)
    with capability_scope(digest):
        scar = scar_of(digest)
    if scar is None:
        raise NotFound
    with workspace_scope(scar.workspace_id):
        if Workspace.objects.filter(pk=scar.workspace_id, state=WorkspaceState.ERASING).exists():
            raise NotFound
    if scar.revoked_at is not None or scar.expires_at <= now:
        raise Expired(Expired.title)
    return scar


def _locked(pk: UUID) -> Scar:
    scar = (
        Scar.objects.select_for_update(of=("self",))
        .select_related("nonconformity", "supplier")
        .filter(pk=pk)
        .first()
    )
    if scar is None:
        raise NotFound
    return scar


def _new_link(scar: Scar, days: int, now: datetime) -> str:
    secret = new_token()
    scar.token_digest, scar.expires_at = token_digest(secret), now + timedelta(days=days)
    scar.save(update_fields=["token_digest", "expires_at"])
    return secret


def _holder(scar: Scar) -> Actor:
    return Actor(person_id=None, name=scar.supplier.name, via="share", workspace_id=scar.workspace_id)


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


def _facts(scar: Scar, **more: Any) -> dict[str, Any]:
    return {"scar": scar.number, "number": scar.nonconformity.number, "supplier": scar.supplier.name, **more}

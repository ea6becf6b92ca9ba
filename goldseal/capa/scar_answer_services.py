"""What a supplier does under a link, without an account: open the request, answer it, add files to the answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import AnswerState, Purpose, ScarState
from goldseal.capa.models import Proof, Scar, ScarAnswer
from goldseal.capa.rules import lifecycle, links
from goldseal.capa.selectors import replaced_link_of, scar_of
from goldseal.capa.writing_services import locked_scar, scar_facts
from goldseal.files.services import receive_file
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import token_digest
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace, WorkspaceState
from goldseal.workspaces.services import capability_scope, workspace_scope

MOST_ACTIONS, MOST_FILES = 8, 10
ANSWERABLE = (ScarState.SENT, ScarState.DECLINED)
TEXTS = ("containment", "cause_made", "cause_detected")
ENDINGS: Mapping[str, Words] = {
    links.REPLACED: _(
        "A newer link has replaced this one. Open the link in the latest letter, or ask %(sender)s for a new one."
    ),
    links.WITHDRAWN: _("%(sender)s took this request back. Nothing more is asked of you."),
    links.SETTLED: _("This request is settled at %(sender)s. Nothing more is asked of you."),
    links.EXPIRED: _("The days in which this link worked are over. Ask %(sender)s for a new one."),
}


class LinkEnded(GoldsealError):
    """The link was ours and no longer works; who holds it hears why and whom to ask, in the letter's language."""

    status = 410
    code = "link-ended"
    title = _("This link has ended")

    def __init__(self, *, why: str, sender: str, language: str) -> None:
        super().__init__()
        self.why, self.sender, self.language = why, sender, language

    @property
    def sentence(self) -> str:
        """Why, and whom to ask, in the language of the page."""
        return str(ENDINGS[self.why]) % {"sender": self.sender}


def visit_scar(*, secret: str, now: datetime) -> Scar:
    """What the holder of a link sees; the first visit is recorded. Raises NotFound, LinkEnded."""
    with _opened(secret, now) as scar, recorded_change():
        scar.viewed_count, scar.last_viewed_at = scar.viewed_count + 1, now
        scar.save(update_fields=["viewed_count", "last_viewed_at"])
        if scar.viewed_count == 1:
            record(
                event="scar.opened",
                actor=_holder(scar),
                now=now,
                obj=scar.nonconformity,
                payload=scar_facts(scar),
            )
    return scar


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
    Raises Invalid at each field, Conflict while an answer is being judged, NotFound, LinkEnded.
    """
    problems: dict[str, Words] = {}
    name = str(values.get("name") or "").strip()
    if not 2 <= len(name) <= 120:
        problems["name"] = _("Enter your name, 2 to 120 letters.")
    texts = {field: str(values.get(field) or "").strip() for field in TEXTS}
    for field, text in texts.items():
        if not 5 <= len(text) <= 4000:
            problems[field] = _("Write 5 to 4,000 characters.")
    kept = _checked_actions(actions, problems)
    _check_files(files, attests, 0, problems)
    with _opened(secret, now) as scar, recorded_change():
        if scar.state not in ANSWERABLE:
            raise Conflict(_("This request was answered already. You will hear from the sender."))
        if problems:
            raise Invalid(fields=problems)
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
            payload=scar_facts(scar, version=answer.version, name=name, files=len(files)),
        )
    return answer


def add_files(
    *, secret: str, files: Sequence[tuple[str, BinaryIO]], attests: bool, now: datetime
) -> ScarAnswer:
    """Add files to the answer that waits to be looked at; what was said stays as it is.

    Raises Invalid at files or attests, Conflict where no answer waits, NotFound, LinkEnded.
    """
    with _opened(secret, now) as scar, recorded_change():
        answer = scar.answers.filter(state=AnswerState.GIVEN).order_by("-version").first()
        if answer is None:
            raise Conflict(_("There is no answer to which files could be added."))
        problems: dict[str, Words] = {}
        if not files:
            problems["files"] = _("Choose one or more files.")
        _check_files(files, attests, answer.proofs.count(), problems)
        if problems:
            raise Invalid(fields=problems)
        _attach(scar, answer, files, now)
        record(
            event="scar.files_added",
            actor=_holder(scar),
            now=now,
            obj=scar.nonconformity,
            payload=scar_facts(scar, version=answer.version, count=len(files)),
        )
    return answer


def _check_files(
    files: Sequence[tuple[str, BinaryIO]], attests: bool, already: int, problems: dict[str, Words]
) -> None:
    if already + len(files) > MOST_FILES:
        problems["files"] = _("At most %(most)s files can be attached here.") % {"most": MOST_FILES}
    if files and not attests:
        problems["attests"] = _("Confirm below that you may upload this content.")


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
            sentence = format_lazy("“{}”: {}", name[:80], refused.message)
            raise Invalid(fields={"files": sentence if len(files) > 1 else refused.message}) from refused
        Proof.objects.create(
            nonconformity=scar.nonconformity, attachment=kept, purpose=Purpose.CAUSE, answer=answer, at=now
        )


@contextmanager
def _opened(secret: str, now: datetime) -> Iterator[Scar]:
    """The request under a working link, locked, in its workspace's scope. Raises NotFound, LinkEnded."""
    digest = token_digest(secret)
    with capability_scope(digest):
        scar = scar_of(digest)
        replaced = None if scar else replaced_link_of(digest)
    if scar is not None:
        workspace_id, pk = scar.workspace_id, scar.pk
    elif replaced is not None:
        workspace_id, pk = replaced.workspace_id, replaced.scar_id
    else:
        raise NotFound
    with workspace_scope(workspace_id):
        workspace = Workspace.objects.get(pk=workspace_id)
        if workspace.state == WorkspaceState.ERASING:
            raise NotFound
        found = locked_scar(pk)
        why = links.ending_of(
            is_replaced=found.token_digest != digest,
            is_withdrawn=found.state == ScarState.WITHDRAWN,
            is_accepted=found.state == ScarState.ACCEPTED,
            is_case_closed=found.nonconformity.state == lifecycle.CLOSED,
            is_expired=found.expires_at <= now,
        )
        if why:
            raise LinkEnded(why=why, sender=workspace.name, language=found.language)
        yield found


def _holder(scar: Scar) -> Actor:
    return Actor(person_id=None, name=scar.supplier.name, via="share", workspace_id=scar.workspace_id)

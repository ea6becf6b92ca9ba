"""Letters about actions: before they are due, on the day, when overdue, and to the QA managers after that."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings as django_settings
from django.db import transaction

from goldseal.accounts.models import User
from goldseal.capa.models import Action, CapaSettings, Reminder
from goldseal.capa.rules import lifecycle
from goldseal.capa.rules.reminders import ESCALATION, due_letters
from goldseal.capa.selectors import open_workspace, people_for, settings_in_force, today_at
from goldseal.kit.actors import Actor
from goldseal.kit.permissions import Role
from goldseal.messaging.services import send_letter
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize

MOST_AT_ONCE = 500


def send_reminders(*, actor: Actor, now: datetime) -> int:
    """Send the letters that are due today in the open workspace, each once; how many went out.

    They leave once this is committed: a letter that could not be sent is in the log, not sent again.
    """
    authorize(actor, "capa.work")
    workspace, settings = open_workspace(), settings_in_force()
    today = today_at(workspace, now)
    rows = (
        Action.objects.filter(state__in=lifecycle.WITH_WORKER)
        .exclude(nonconformity__state=lifecycle.CLOSED)
        .select_related("nonconformity", "owner")
        .order_by("due_on", "pk")[:MOST_AT_ONCE]
    )
    sent: defaultdict[object, set[str]] = defaultdict(set)
    for reminder in Reminder.objects.filter(action__in=[row.pk for row in rows]):
        sent[reminder.action_id, reminder.due_on].add(reminder.kind)
    count = 0
    with recorded_change():
        for row in rows:
            for kind in due_letters(
                due_on=row.due_on,
                today=today,
                before_days=settings.remind_before_days,
                escalate_after_days=settings.escalate_after_days,
                sent=frozenset(sent[row.pk, row.due_on]),
            ):
                count += _send(row, kind, workspace, settings, actor, now)
    return count


def _send(
    row: Action, kind: str, workspace: Workspace, settings: CapaSettings, actor: Actor, now: datetime
) -> int:
    people = _managers() if kind == ESCALATION else [row.owner] if row.owner else []
    Reminder.objects.create(action=row, kind=kind, due_on=row.due_on, sent_at=now)
    case = row.nonconformity
    facts = {
        "action": row,
        "case": case,
        "kind": kind,
        "workspace": workspace,
        "link": f"{django_settings.BASE_URL}{workspace.get_absolute_url()}{case.get_absolute_url()}",
    }
    for person in people:
        _letter(person, facts)
    if people:
        record(
            event="action.escalated" if kind == ESCALATION else "action.reminded",
            actor=actor,
            now=now,
            obj=case,
            payload={
                "number": case.number,
                "action": row.code,
                "due": row.due_on,
                "to": ", ".join(person.display_name for person in people),
            },
        )
    return len(people)


def _managers() -> list[User]:
    """The QA managers; where there is none, whoever else may review."""
    reviewers = people_for("capa.review")
    named = [row.user for row in reviewers if row.role == Role.QA_MANAGER.value]
    return named or [row.user for row in reviewers]


def _letter(person: User, facts: dict[str, object]) -> None:
    to, language = person.email, person.language
    transaction.on_commit(
        lambda: (
            send_letter(
                to=to,
                subject_template="capa/letters/reminder_subject.txt",
                template="capa/letters/reminder.txt",
                facts={**facts, "name": person.display_name},
                language=language,
                purpose="deliver_service",
            )
            and None
        )
    )

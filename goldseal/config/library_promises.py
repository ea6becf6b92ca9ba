"""Promises for the tables that libraries bring: sessions, factors, addresses, jobs, reference data."""

from collections.abc import Callable

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from goldseal.kit.promises import Edge, OnSubject, promise


def _of_a_person(owner: str = "user", **by_category: str) -> Callable[[type[Model]], type[Model]]:
    """Rows that are part of a person's account and go with it."""
    return promise(owner, retain="person", subject=owner, on_subject=OnSubject.DELETE, **by_category)  # type: ignore[arg-type]


_of_a_person(contact="email", plain="verified primary")(EmailAddress)
_of_a_person("email_address__user", plain="created sent", secret="key")(EmailConfirmation)
_of_a_person(plain="type created_at last_used_at", secret="data")(Authenticator)
_of_a_person(
    telemetry="ip user_agent", secret="session_key", plain="created_at last_seen_at", free_text="data"
)(UserSession)
_of_a_person("#session_key", secret="session_data", plain="expire_date")(Session)
for _reference, _fields in ((Group, "name"), (Permission, "name codename"), (ContentType, "app_label model")):
    promise("", Edge.NONE, retain="reference", plain=_fields)(_reference)
promise("", Edge.NONE, retain="reference")(Group.permissions.through)
promise(
    "#args.workspace_id",
    stores=("queue",),
    plain="queue_name task_name priority status scheduled_at attempts abort_requested",
    free_text="args lock queueing_lock",
)(ProcrastinateJob)
promise("", Edge.NONE, retain="reference", plain="type at")(ProcrastinateEvent)
promise("", Edge.NONE, retain="reference", plain="task_name periodic_id defer_timestamp")(
    ProcrastinatePeriodicDefer
)
promise("", Edge.NONE, retain="reference", plain="last_heartbeat")(ProcrastinateWorker)

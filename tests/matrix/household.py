"""Two factories side by side, each with a finished inspection and its report; and everybody who might knock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress

from goldseal.accounts.models import User
from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    effect_services,
    opening_services,
    scar_answer_services,
    scar_services,
    settings_services,
)
from goldseal.catalog.models import Buyer, Stage, Style, Supplier
from goldseal.catalog.services import create_buyer, create_supplier, save_chart, save_rules
from goldseal.inspections.audit_services import AuditPlan, plan_audit, record_answer
from goldseal.inspections.floor_keys import WorkspaceVault
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_address, make_demo_workspace, run_bundle
from goldseal.ops.sample.bundle import SAMPLE, load_bundle
from goldseal.privacy.exporting import owned_models
from goldseal.workspaces.device_services import Presented, enrol_device
from goldseal.workspaces.models import Membership, OperatorMember, Workspace
from goldseal.workspaces.services import workspace_scope

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@dataclass
class Factory:
    """One workspace after the main job, and the ids of all its rows by room."""

    workspace: Workspace
    owner: User
    ids: dict[str, list[UUID]] = field(default_factory=dict)


def factory(slug: str) -> Factory:
    workspace = make_demo_workspace(now=NOW, slug=slug)
    run_bundle(load_bundle(SAMPLE), now=NOW, slug=slug)
    made = Factory(workspace, User.objects.get(email=demo_address(Role.OWNER, slug)))
    with workspace_scope(workspace.pk):
        _furnish(system_actor(workspace.pk, via="command"))
        for model, _declared in owned_models():
            found = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:2])
            made.ids.setdefault(model._meta.app_label, []).extend(pk for pk in found if isinstance(pk, UUID))
    return made


def _furnish(actor: Actor) -> None:
    """What the main job has no use for: a supplier, a measurement chart, a buyer's rule for one stage."""
    create_supplier(values={"code": "MILL1", "name": "Mill (demo)"}, actor=actor, now=NOW)
    style = Style.objects.order_by("pk")[0]
    save_chart(
        style_id=style.pk, wash="after", points=[{"code": "A", "spec": {"M": "52"}}], actor=actor, now=NOW
    )
    stage = Stage.objects.get(code="FIN")
    rules = {stage.pk: {"sampling_scheme": "double"}}
    save_rules(buyer_id=style.buyer_id, values={}, stage_values=rules, actor=actor, now=NOW)
    hold_a_tablet(Role.INSPECTOR, now=NOW)
    _open_a_case(actor)
    _audit_the_mill(actor)


def _open_a_case(actor: Actor) -> None:
    """A nonconformity with a row of every kind."""
    owner = Membership.objects.get(role=Role.INSPECTOR.value).user_id
    supplier = Supplier.objects.get(code="MILL1")
    due = NOW.date() + timedelta(days=5)
    case = opening_services.open_nonconformity(
        values={"title": "Slubs", "supplier": supplier.pk, "owner": owner},
        defects=[("KN07", "", 3)],
        actor=actor,
        now=NOW,
    )
    case_of: dict[str, Any] = {"nonconformity_id": case.pk, "actor": actor, "now": NOW}
    containment_services.record_containment(values={"place": "Cage", "in_lot": 9}, **case_of)
    cause_services.set_chain(chain="made", steps=[("Yarn", "")], **case_of)
    cause_services.add_cause(bone="material", words="Yarn", **case_of)
    action = {"type": "material", "words": "Sorting", "owner": owner, "due_on": due}
    action_services.add_action(values=action, **case_of)
    action_services.add_read_across(values={"stage": Stage.objects.get(code="FIN").pk}, **case_of)
    effect_services.set_effect_check(values={"code": "KN07", "target": "1"}, **case_of)
    settings_services.set_capa_settings(values={"due_days": 10}, actor=actor, now=NOW)
    asked = {"supplier": supplier.pk, "email": "mill@example.test", "asked": "Slubs, 3 pieces", "due_on": due}
    scar, _secret = scar_services.send_scar(values={**asked, "days": 30}, **case_of)
    _scar, secret = scar_services.renew_link(scar_id=scar.pk, days=30, actor=actor, now=NOW)
    said = {"name": "Mina", "containment": "Blocked", "cause_made": "Frame", "cause_detected": "Alarm"}
    scar_answer_services.answer_scar(
        secret=secret,
        values=said,
        actions=[{"words": "Test", "owner": "Lab", "due_on": due}],
        files=[],
        attests=False,
        now=NOW,
    )


def _audit_the_mill(actor: Actor) -> None:
    """An audit of the supplier, begun."""
    plan = AuditPlan(planned_on=NOW.date(), supplier_id=Supplier.objects.get(code="MILL1").pk)
    audit = plan_audit(plan=plan, actor=actor, now=NOW)
    record_answer(audit_id=audit.pk, item="responsibilities", answer="yes", actor=actor, now=NOW)


def hold_a_tablet(role: Role, *, now: datetime) -> str:
    """A device with the Floor app in the hands of the member with this role; its token."""
    member = Membership.objects.filter(role=role.value).select_related("user")[0]
    held = permissions_of([Role.INSPECTOR])
    holder = Actor(member.user_id, member.user.name, "floor", member.workspace_id, permissions=held)
    presented = Presented(name="Tablet (demo)")
    return enrol_device(
        user=member.user, presented=presented, vault=WorkspaceVault(), actor=holder, now=now
    ).token


def guest_of(factory: Factory, *, own_buyer: bool) -> User:
    """A buyer guest: of the buyer whose goods were inspected, or of another one in the same workspace."""
    with workspace_scope(factory.workspace.pk):
        if own_buyer:
            buyer = Buyer.objects.order_by("pk")[0]
        else:
            buyer = create_buyer(
                values={"code": "OTHER", "name": "Other Buyer (demo)"},
                actor=system_actor(factory.workspace.pk, via="command"),
                now=NOW,
            )
        user = person(f"guest-{'own' if own_buyer else 'other'}@{factory.workspace.slug}.example.test")
        Membership.objects.create(
            user=user, role=Role.BUYER_GUEST.value, compartment_id=buyer.pk, joined_at=NOW
        )
    return user


def person(email: str, role: Role | None = None) -> User:
    user = User.objects.create_user(email, name=email.partition("@")[0])
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if role is not None:
        OperatorMember.objects.create(user=user, role=role.value, since=NOW)
    return user


def nonexistent() -> UUID:
    return new_id()


def client_of(client_class: Any, user: User | None) -> Any:
    client = client_class(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client

"""The demo workspace and the main job on a bundle: from `bundle.json` and photos to a sealed report."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import gettext as _

from goldseal.accounts.models import User
from goldseal.catalog.models import Buyer, Defect, Order, Site, Stage, Style
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.services import create_buyer, create_line, create_site, create_style, save_order
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Invalid
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo_audit import tell_the_audit
from goldseal.ops.demo_capa import tell_the_story
from goldseal.ops.demo_crew import Crew
from goldseal.ops.demo_day import pass_metal_detection, plan_the_day
from goldseal.ops.demo_pictures import draw_pictures
from goldseal.ops.demo_yesterday import tell_yesterday
from goldseal.ops.sample.bundle import SAMPLE, Bundle, BundleError, load_bundle
from goldseal.ops.sample.events import bundle_events
from goldseal.reports.sealing_services import seal_report
from goldseal.reports.sharing_services import PDF, TICKS, complete_pre_share_check, download_report
from goldseal.workspaces.models import Membership, Workspace, WorkspaceKind
from goldseal.workspaces.services import create_workspace, operator_scope, workspace_scope

SLUG = "demo"
NOBODY = UUID(int=0)
PEOPLE = {
    Role.OWNER: ("owner", "Demo Owner"),
    Role.QA_MANAGER: ("qa", "Demo QA Manager"),
    Role.INSPECTOR: ("inspector", "Demo Inspector"),
    Role.VIEWER: ("viewer", "Demo Viewer"),
}
DEVICE = "goldseal demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the main job left: the inspection, the sealed PDF's place, its number and verdict."""

    code: str
    number: str
    verdict: str
    pdf: Path
    verify_url: str


def demo_password() -> str:
    """The demo people's password: made at random on first use, kept with the installation's keys."""
    from goldseal.kit.secrets import installation_secret

    return installation_secret("demo_password")[:20]


def demo_workspace(slug: str = SLUG) -> Workspace | None:
    """The demo workspace, if it was made."""
    with operator_scope(NOBODY):
        return Workspace.objects.filter(slug=slug).first()


def demo_address(role: Role, slug: str = SLUG) -> str:
    """The sign-in address of a demo person."""
    return f"{PEOPLE[role][0]}@{slug}.goldseal.invalid"


def ensure_demo(*, say: Callable[[str], None]) -> None:
    """Make the demo workspace and run the main job on the sample, once; later starts only say where it is."""
    workspace = demo_workspace()
    if workspace is None:
        say("Making the demo workspace …")
        workspace = make_demo_workspace(now=utc_now())
        say("Running the main job on the sample inspection …")
        now = utc_now()
        result = run_bundle(load_bundle(SAMPLE).ending_at(now), now=now)
        report: Path | None = result.pdf
        say(f"  {result.number}: {result.verdict.upper()} · sealed report: {report}")
        say("Planning today's inspections, telling yesterday's …")
        _plan_today(workspace, now=utc_now())
    else:
        report = min((settings.STATE_FOLDER / "demo").glob("*.pdf"), default=None)
        if report:
            say(f"  sealed report of the sample: {report}")
    if report:
        where = os.environ.get("GOLDSEAL_DATA_DIR")
        prefix = f"GOLDSEAL_DATA_DIR={where} " if where else ""
        say(f"  verify it:  {prefix}.venv/bin/goldseal verify {report}   or drop it on /verify/")
    if "filebased" in settings.EMAIL_BACKEND:
        say(f"  letters (codes, invitations) lie in {settings.EMAIL_FILE_PATH} until EMAIL_URL is set")
    say(
        f"  sign in as {demo_address(Role.OWNER)} (also qa@, inspector@, viewer@), password: {demo_password()}"
    )


def make_demo_workspace(*, now: datetime, slug: str = SLUG) -> Workspace:
    """The demo workspace with its people, a site and two lines. Names are plainly invented."""
    people = {role: _person(role, slug) for role in PEOPLE}
    workspace = create_workspace(
        name="Shapla Sweaters Ltd (demo)",
        kind=WorkspaceKind.PRODUCTION_SITE,
        owner=people[Role.OWNER],
        actor=_actor(people[Role.OWNER], Role.OWNER, None),
        now=now,
        slug=slug,
    )
    actor = _actor(people[Role.OWNER], Role.OWNER, workspace.pk)
    with workspace_scope(workspace.pk, actor_id=people[Role.OWNER].pk):
        for role, user in people.items():
            Membership.objects.get_or_create(user=user, defaults={"role": role.value, "joined_at": now})
        site = create_site(values={"code": "GZP", "name": "Gazipur (demo)"}, actor=actor, now=now)
        for code in ("L1", "L2"):
            create_line(
                site_id=site.pk,
                values={"code": code, "name": f"Linking line {code[1]}"},
                actor=actor,
                now=now,
            )
        draw_pictures(actor=actor, now=now)
    return workspace


def _person(role: Role, slug: str) -> User:
    email, name = demo_address(role, slug), PEOPLE[role][1]
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, demo_password(), name=name, is_adult=True)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _actor(user: User, role: Role, workspace_id: UUID | None) -> Actor:
    return Actor(
        person_id=user.pk,
        name=user.display_name,
        via="command",
        workspace_id=workspace_id,
        roles=frozenset({role}),
        permissions=permissions_of([role]),
        device=DEVICE,
    )


def run_bundle(bundle: Bundle, *, now: datetime, slug: str = SLUG) -> DemoResult:
    """The main job: plan, record, sign, submit, report, seal. All or nothing.

    Raises BundleError with every place that the demo workspace's catalog does not know.
    """
    workspace = demo_workspace(slug) or make_demo_workspace(now=now, slug=slug)
    manager, inspector = (_person(role, slug) for role in (Role.QA_MANAGER, Role.INSPECTOR))
    with workspace_scope(workspace.pk, actor_id=inspector.pk):
        manages = _actor(manager, Role.QA_MANAGER, workspace.pk)
        inspects = _actor(inspector, Role.INSPECTOR, workspace.pk)
        _refuse_unknown_codes(bundle)
        try:
            order = _order(bundle, manages, now)
            pass_metal_detection(
                order=order,
                inspector=inspector,
                password=demo_password(),
                meaning=_meaning(bundle),
                manages=manages,
                inspects=inspects,
                now=now,
            )
            inspection = _planned(bundle, order, inspector, manages, now)
            digests = _photos(bundle, inspects, now)
            events = bundle_events(bundle, by=str(inspector.pk), device=DEVICE, photo_sha256=digests)
            inspecting.apply_events(inspection_id=inspection.pk, events=events, actor=inspects, now=now)
            _sign(bundle, inspection, inspector, inspects, now)
            inspecting.decide_inspection(
                inspection_id=inspection.pk, device=DEVICE, actor=inspects, now=now + timedelta(seconds=1)
            )
            version = seal_report(
                kind="inspection",
                subject_id=inspection.pk,
                language="both",
                actor=inspects,
                now=now + timedelta(seconds=2),
            )
        except Invalid as refused:
            problems = [f"{place}: {sentence}" for place, sentence in refused.fields.items()]
            raise BundleError(problems or [str(refused.message)]) from None
        complete_pre_share_check(
            version_id=version.pk,
            ticks=dict.fromkeys(TICKS, True),
            actor=manages,
            now=now + timedelta(seconds=3),
        )
        sealed = download_report(
            version_id=version.pk, form=PDF, actor=manages, now=now + timedelta(seconds=3)
        )
        inspection.refresh_from_db()
        folder = settings.STATE_FOLDER / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{version.report.number}-v{version.version}.pdf"
        path.write_bytes(sealed.content)
        return DemoResult(
            code=inspection.code,
            number=version.report.number,
            verdict=inspection.verdict,
            pdf=path,
            verify_url=f"{settings.BASE_URL}/verify/",
        )


def _plan_today(workspace: Workspace, *, now: datetime) -> None:
    manager, inspector = (_person(role, workspace.slug) for role in (Role.QA_MANAGER, Role.INSPECTOR))
    manages = _actor(manager, Role.QA_MANAGER, workspace.pk)
    with workspace_scope(workspace.pk, actor_id=manager.pk):
        plan_the_day(inspector=inspector, actor=manages, now=now)
    inspects = _actor(inspector, Role.INSPECTOR, workspace.pk)
    with workspace_scope(workspace.pk, actor_id=inspector.pk):
        crew = Crew(inspector=inspector, password=demo_password(), inspects=inspects, manages=manages)
        tell_the_story(crew=crew, now=now)
        tell_yesterday(crew=crew, now=now)
        tell_the_audit(crew=crew, now=now)


def _refuse_unknown_codes(bundle: Bundle) -> None:
    known = set(Defect.objects.filter(is_active=True).values_list("code", flat=True))
    problems = [
        f"defects[{place}].code: {defect.code} is not in the defect library"
        for place, defect in enumerate(bundle.contents.defects)
        if defect.code not in known
    ]
    if not Stage.objects.filter(code=bundle.contents.plan.stage, is_active=True).exists():
        problems.append(f"plan.stage: {bundle.contents.plan.stage} is not among the stages")
    if problems:
        raise BundleError(problems)


def _order(bundle: Bundle, actor: Actor, now: datetime) -> Order:
    said = bundle.contents
    buyer = Buyer.objects.filter(code=said.buyer.code).first() or create_buyer(
        values={"code": said.buyer.code, "name": said.buyer.name}, actor=actor, now=now
    )
    style = Style.objects.filter(buyer=buyer, code=said.style.number).first() or create_style(
        values={
            "buyer": buyer.pk,
            "code": said.style.number,
            "name": said.style.name_en,
            "name_bn": said.style.name_bn or "",
            "composition": said.style.composition or "",
            "gauge": said.style.gauge or "",
            "season": said.style.season or "",
        },
        actor=actor,
        now=now,
    )
    site = Site.objects.filter(code=said.factory.code).first() or create_site(
        values={"code": said.factory.code, "name": said.factory.name, "address": said.factory.address or ""},
        actor=actor,
        now=now,
    )
    found = Order.objects.filter(style=style, po_number=said.order.number).first()
    return save_order(
        order_id=found.pk if found else None,
        values={
            "style": style.pk,
            "site": site.pk,
            "po_number": said.order.number,
            "ex_factory_on": datetime.fromisoformat(said.order.ex_factory_on).date()
            if said.order.ex_factory_on
            else None,
            "destination": said.order.destination or "",
            "port": said.order.port or "",
        },
        quantities=[Quantity(line.colour, line.size, line.quantity) for line in said.order.lines],
        actor=actor,
        now=now,
    )


def _planned(bundle: Bundle, order: Order, inspector: User, actor: Actor, now: datetime) -> Inspection:
    said = bundle.contents
    stage = Stage.objects.get(code=said.plan.stage)
    request = inspecting.PlanRequest(
        order_id=order.pk,
        stage_id=stage.pk,
        planned_on=now.date(),
        inspector_id=inspector.pk,
        level=said.plan.level,
        inspection=said.plan.inspection,
        counting=said.plan.counting,
        limits=said.plan.limits.model_dump(exclude_none=True),
        lines=[line.model_dump() for line in said.order.lines],
        cartons=[cartons.model_dump(exclude_none=True) for cartons in said.cartons],
        points=[point.model_dump(exclude_none=True) for point in said.points],
        header={
            "place": said.header.place or "",
            "factory": said.factory.name,
            "approved_sample_seen": said.header.approved_sample_seen,
            "trim_card_seen": said.header.trim_card_seen,
        },
        checklist={
            result.section: [
                {"check": check.check, "label_en": check.label_en, "label_bn": check.label_bn or ""}
                for check in result.checks
            ]
            for result in said.sections
        },
        is_extra=True,  # the same bundle may be run again
        seed=said.plan.seed or "",
    )
    return inspecting.plan_inspection(request=request, actor=actor, now=now)


def _photos(bundle: Bundle, actor: Actor, now: datetime) -> dict[str, str]:
    attest_authority(version=STATEMENT_VERSION, actor=actor, now=now)
    digests: dict[str, str] = {}
    for photo in bundle.contents.photos:
        data = bundle.photo_bytes(photo.file)
        try:
            kept = receive_file(source=io.BytesIO(data), name=Path(photo.file).name, actor=actor, now=now)
        except Invalid as refused:
            sentence = " ".join(str(words) for words in refused.fields.values()) or str(refused.message)
            raise BundleError([f"{photo.file}: {sentence}"]) from None
        digests[photo.file] = kept.sha256
    return digests


def _meaning(bundle: Bundle) -> str:
    """What the inspector says by signing."""
    said = next((s for s in bundle.contents.signatures if s.role == "inspector"), None)
    return said.meaning if said else _("Inspected as recorded")


def _sign(bundle: Bundle, inspection: Inspection, inspector: User, actor: Actor, now: datetime) -> None:
    inspecting.sign_inspection(
        inspection_id=inspection.pk,
        signer=inspector,
        password=demo_password(),
        role="inspector",
        meaning=_meaning(bundle),
        device=DEVICE,
        actor=actor,
        now=now,
    )

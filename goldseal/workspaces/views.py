"""Pages of a workspace: home, people, activity, settings, grants, roles, tokens."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.accounts.models import ApiToken, User
from goldseal.accounts.selectors import refuse_pin_session
from goldseal.kit.activity import sentence_for
from goldseal.kit.compartments import compartment_choices
from goldseal.kit.errors import GoldsealError, NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.home import home_sections
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.permissions import OPERATOR_ROLES, WORKSPACE_ROLES, Role, permission_table
from goldseal.kit.visits import visit
from goldseal.kit.wording import moment_in_words
from goldseal.trail.models import Entry
from goldseal.trail.selectors import entries_of
from goldseal.workspaces import selectors, services
from goldseal.workspaces.forms import InvitationForm, RoleForm, TokenForm, WorkspaceSettingsForm
from goldseal.workspaces.models import ROLE_CHOICES, Membership
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_GET
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs me today."""
    actor, now = visit(request)
    authorize(actor, "workspace.view")
    shown = [
        render_to_string(str(section["template"]), {**section, "section": section}, request)
        for section in home_sections(actor, now, ZoneInfo(workspace_of(request).time_zone))
    ]
    return render(request, "workspaces/home.html", {"sections": [text for text in shown if text.strip()]})


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to the workspace, and who is invited."""
    actor, now = visit(request)
    authorize(actor, "members.view")
    base = workspace_of(request).get_absolute_url()
    buyers = dict(compartment_choices())

    def role(member: Membership) -> str:
        name = str(Role(member.role).label)
        return f"{name} · {buyers.get(str(member.compartment_id), '')}" if member.compartment_id else name

    listing = Listing(
        request,
        selectors.members().filter(is_active=True),
        [
            Column("name", _("Name"), lambda m: m.user.display_name, sort="user__name"),
            Column("email", _("E-mail"), lambda m: m.user.email, sort="user__email"),
            Column("role", _("Role"), role, sort="role"),
            Column("joined", _("Since"), lambda m: moment_in_words(m.joined_at), sort="joined_at"),
        ],
        search=("user__name", "user__email"),
        filters=[Filter("role", _("Role"), ROLE_CHOICES, "role")],
        default_sort="name",
        link=lambda m: f"{base}people/{m.pk}/" if actor.may("members.manage") else "#main",
    )
    sheet = listing.spreadsheet("people")
    if sheet:
        return sheet
    may_manage = actor.may("members.manage")
    return render(
        request,
        "workspaces/people.html",
        {
            "heading": _("People"),
            "listing": listing,
            "actions": [{"url": f"{base}people/invite/", "icon": "user-plus", "label": _("Invite a person")}]
            if may_manage
            else [],
            "invitations": selectors.open_invitations(now) if may_manage else [],
            "may_manage": may_manage,
            "review_due": selectors.access_review_due(workspace_of(request), now),
        },
    )


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite a person by e-mail."""
    actor, now = visit(request)
    authorize(actor, "members.manage")
    form = InvitationForm(request.POST or None, buyers=compartment_choices())
    if request.method == "POST":
        made = submitted(
            form,
            lambda values: services.invite_member(
                email=values["email"],
                role=values["role"],
                compartment_id=services.compartment_of(values),
                actor=actor,
                now=now,
            ),
        )
        if made:
            link = f"{django_settings.BASE_URL}/invitations/{made[1]}/"  # never the Host header's idea of us
            return render(request, "workspaces/invited.html", {"invitation": made[0], "link": link})
    return _form_page(
        request,
        form,
        heading=_("Invite a person"),
        submit=_("Send the invitation"),
        back="people/",
        back_label=_("People"),
    )


@require_POST
def revoke_invitation(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """Withdraw an open invitation."""
    actor, now = visit(request)
    services.revoke_invitation(invitation_id=pk, actor=actor, now=now)
    messages.success(request, _("The invitation is withdrawn."))
    return _back(request, "people/")


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """One person's role."""
    actor, now = visit(request)
    authorize(actor, "members.manage")
    found = selectors.members().filter(pk=pk, is_active=True).first()
    if found is None:
        raise NotFound
    form = RoleForm(
        request.POST or None,
        buyers=compartment_choices(),
        initial={"role": found.role, "buyer": str(found.compartment_id or "")},
    )
    if request.method == "POST":
        changed = submitted(
            form,
            lambda values: services.change_role(
                membership_id=found.pk,
                role=values["role"],
                compartment_id=services.compartment_of(values),
                actor=actor,
                now=now,
            ),
        )
        if changed:
            messages.success(request, _("The role is changed."))
            return _back(request, "people/")
    return render(
        request,
        "workspaces/member.html",
        {
            "form": form,
            "member": found,
            "heading": found.user.display_name,
            "submit_label": _("Change the role"),
            **_back_link(request, "people/", _("People")),
        },
    )


@require_POST
def remove_member(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """Take a person out of the workspace."""
    actor, now = visit(request)
    return _try(
        request,
        "people/",
        lambda: services.remove_member(membership_id=pk, actor=actor, now=now),
        _("The person no longer belongs to the workspace."),
    )


@require_POST
def review_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign off that everybody's access was reviewed."""
    actor, now = visit(request)
    services.review_access(workspace=workspace_of(request), actor=actor, now=now)
    messages.success(request, _("Thank you. The next review is due in 90 days."))
    return _back(request, "people/")


@require_GET
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """Who did what when, from the trail."""
    actor, _now = visit(request)
    authorize(actor, "activity.view")

    def what(entry: Entry) -> str:
        payload = getattr(entry, "payload", None)
        return sentence_for(entry.event, payload.data if payload else {})

    def who(entry: Entry) -> str:
        payload = getattr(entry, "payload", None)
        return (payload.actor_name if payload else "") or _("Erased person")

    listing = Listing(
        request,
        entries_of(actor.workspace_id),  # type: ignore[arg-type]
        [
            Column("number", _("No."), lambda e: e.sequence, sort="sequence", css="end"),
            Column("at", _("When"), lambda e: moment_in_words(e.at, workspace_of(request).time_zone)),
            Column("who", _("Who"), who),
            Column("what", _("What"), what),
            Column(
                "mark",
                _("Mark"),
                lambda e: format_html('<span class="mono" title="{}">{}</span>', e.hash, e.hash[:10]),
                plain=lambda e: e.hash,
            ),
        ],
        search=("event", "payload__actor_name"),
        default_sort="-number",
        empty_title=_("Nothing has happened yet"),
    )
    return listing.spreadsheet("activity") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Activity"),
            "lead": _("Every change, in order, each chained to the one before it."),
            "listing": listing,
            "actions": [],
        },
    )


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, address and rules of the workspace."""
    actor, now = visit(request)
    authorize(actor, "workspace.edit")
    workspace = selectors.workspace_by_id(actor.workspace_id)  # type: ignore[arg-type]
    if workspace is None:
        raise NotFound
    form = WorkspaceSettingsForm(
        request.POST or None, initial={f: getattr(workspace, f) for f in WorkspaceSettingsForm.Meta.fields}
    )
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: services.edit_workspace(workspace=workspace, values=values, actor=actor, now=now),
        )
        if done:
            messages.success(request, _("Saved."))
            return _back(request, "settings/")
    return render(
        request,
        "workspaces/settings.html",
        {
            "form": form,
            "heading": _("Settings"),
            "submit_label": _("Save"),
            "back_url": workspace.get_absolute_url(),
            "back_label": _("Home"),
        },
    )


@require_GET
def grants(request: HttpRequest, slug: str) -> HttpResponse:
    """Which operator staff may or might look inside, and why."""
    actor, now = visit(request)
    authorize(actor, "activity.view")
    return render(
        request,
        "workspaces/grants.html",
        {"grants": selectors.grants()[:200], "now": now, "may_end": actor.may("grants.manage")},
    )


@require_POST
def end_grant(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """End an access grant at once."""
    actor, now = visit(request)
    services.end_grant(grant_id=pk, actor=actor, now=now)
    messages.success(request, _("The access is ended."))
    return redirect("/staff/") if actor.grant_id else _back(request, "grants/")


@require_GET
def roles(request: HttpRequest, slug: str) -> HttpResponse:
    """Role × permission, straight from the table the program itself uses."""
    actor, _now = visit(request)
    authorize(actor, "workspace.view")
    rows = [
        {"label": row.label, "code": row.code, "marks": [role in row.roles for role in WORKSPACE_ROLES]}
        for row in permission_table()
        if row.roles & set(WORKSPACE_ROLES)
    ]
    staff = [
        {"label": row.label, "code": row.code, "marks": [role in row.roles for role in OPERATOR_ROLES]}
        for row in permission_table()
        if row.roles & set(OPERATOR_ROLES)
    ]
    return render(
        request,
        "workspaces/roles.html",
        {"roles": WORKSPACE_ROLES, "rows": rows, "operator_roles": OPERATOR_ROLES, "operator_rows": staff},
    )


@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest, slug: str) -> HttpResponse:
    """The person's own API tokens."""
    actor, now = visit(request)
    authorize(actor, "tokens.manage")
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    if request.method == "POST":
        refuse_pin_session(request)
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST":
        made = submitted(
            form,
            lambda v: services.make_token(
                label=v["label"], scopes=v["scopes"], days=v["days"], user=user, actor=actor, now=now
            ),
        )
        if made:
            secret, form = made[1], TokenForm()
    own = ApiToken.objects.filter(
        workspace_id=actor.workspace_id or "", user=user, revoked_at__isnull=True
    ).order_by("-created_at")
    return render(
        request, "workspaces/tokens.html", {"form": form, "tokens": own, "secret": secret, "now": now}
    )


@require_POST
def revoke_token(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """End a token."""
    actor, now = visit(request)
    services.revoke_token(token_id=pk, actor=actor, now=now)
    messages.success(request, _("The token no longer works."))
    return _back(request, "tokens/")


def _form_page(
    request: HttpRequest, form: Any, *, heading: str, submit: str, back: str, back_label: str
) -> HttpResponse:
    return render(
        request,
        "kit/form_page.html",
        {"form": form, "heading": heading, "submit_label": submit, **_back_link(request, back, back_label)},
    )


def _back_link(request: HttpRequest, path: str, label: str) -> dict[str, str]:
    return {"back_url": workspace_of(request).get_absolute_url() + path, "back_label": label}


def _back(request: HttpRequest, path: str) -> HttpResponse:
    return redirect(workspace_of(request).get_absolute_url() + path)


def _try(request: HttpRequest, path: str, act: Any, done: str) -> HttpResponse:
    """Act, and say on the next page what came of it."""
    try:
        act()
    except NotFound:
        raise
    except GoldsealError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, done)
    return _back(request, path)

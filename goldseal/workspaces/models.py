"""Workspaces, who belongs to them, who is invited, and which operator staff may look inside."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.kit.ids import new_id
from goldseal.kit.permissions import OPERATOR_ROLES, WORKSPACE_ROLES, Role
from goldseal.kit.promises import OnSubject, promise
from goldseal.workspaces.scoping import SHARED, SealedModel, WorkspaceManager


class WorkspaceKind(models.TextChoices):
    """What a workspace is for."""

    PRODUCTION_SITE = "production_site", _("Production site")
    EXPERT_CUSTOMER = "expert_customer", _("Expert service customer")


class WorkspaceState(models.TextChoices):
    """Where a workspace stands in its life (K9)."""

    TRIAL = "trial", _("Trial")
    ACTIVE = "active", _("Active")
    PAST_DUE = "past_due", _("Payment overdue")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")
    ERASING = "erasing", _("Being erased")


@promise(
    "self",
    plain="slug kind state language time_zone country is_mfa_required created_at report_prefix access_reviewed_at"
    " floor_idle_minutes floor_wipe_days",
    free_text="name address contact_email",
    stores=("db", "files", "cache", "keys"),
)
class Workspace(models.Model):
    """One customer's closed room: everything a customer records belongs to exactly one workspace."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=WorkspaceKind)
    state = models.CharField(max_length=12, choices=WorkspaceState, default=WorkspaceState.TRIAL)
    address = models.TextField(_("address"), max_length=400, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("bn", "বাংলা")], default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Dhaka")
    report_prefix = models.CharField(_("report number prefix"), max_length=8, default="GS")
    is_mfa_required = models.BooleanField(_("everybody needs a second factor"), default=False)
    floor_idle_minutes = models.PositiveSmallIntegerField(
        _("Floor locks after minutes without a tap"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    floor_wipe_days = models.PositiveSmallIntegerField(
        _("Floor empties a device after days without contact"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    access_reviewed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The workspace's home."""
        return f"/w/{self.slug}/"


class WorkspaceModel(SealedModel):
    """Base of every tenant table: UUIDv7 key, workspace, scoped manager."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+", editable=False)

    objects = WorkspaceManager()

    class Meta:
        abstract = True


ROLE_CHOICES = [(role.value, role.label) for role in WORKSPACE_ROLES]


@promise(
    "workspace",
    subject="user",
    on_subject=OnSubject.DELETE,
    plain="role is_active joined_at compartment_id",
)
class Membership(WorkspaceModel):
    """A person's place in a workspace. `compartment_id` narrows a buyer guest to one buyer's records."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    compartment_id = models.UUIDField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="workspaces_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role=Role.BUYER_GUEST.value, compartment_id__isnull=False)
                | (~models.Q(role=Role.BUYER_GUEST.value) & models.Q(compartment_id__isnull=True)),
                name="workspaces_membership_guest_has_buyer",
            ),
        ]
        indexes = [models.Index(fields=["user", "is_active"], name="workspaces_membership_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


@promise(
    "workspace",
    subject="accepted_by",
    on_subject=OnSubject.DELETE,
    contact="email",
    secret="digest",
    plain="role compartment_id created_at expires_at accepted_at revoked_at",
)
class Invitation(WorkspaceModel):
    """An invitation by e-mail; only the digest of its secret is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    compartment_id = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="workspaces_invitation_digest")]


class Purpose(models.TextChoices):
    """The four purposes for which operator staff may see tenant data (K6)."""

    PROVIDE = "provide", _("Provide the service")
    SUPPORT = "support", _("Answer a support request")
    SECURE = "secure", _("Protect the platform")
    IMPROVE = "improve", _("Improve the service")


@promise(
    "workspace",
    subject="staff",
    plain="purpose starts_at expires_at ended_at",
    free_text="reason",
)
class AccessGrant(WorkspaceModel):
    """Leave for one operator person to read one workspace, for a purpose, until it expires or is ended."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    reason = models.TextField(_("reason"), max_length=500)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "staff", "expires_at"], name="workspaces_grant_live")]


@promise(
    "workspace",
    retain="security",
    plain="created_at digest status",
    identifier="key actor_key",
    free_text="body",
)
class WriteAnswer(WorkspaceModel):
    """The answer to a write that carried an idempotency key: sent again, the write is not done again.

    The key belongs to who sent it (`actor_key`); `digest` covers method, path and body, so that one key
    cannot stand for two different writes. Guests write too, so every compartment has its rows.
    """

    compartment = SHARED

    actor_key = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "actor_key", "key"], name="workspaces_answer_once")
        ]


@promise(
    "workspace",
    retain="security",
    secret="secret_digest sealed_key",
    free_text="name",
    plain="created_at revoked_at last_contact_at version events_waiting photos_waiting inspections_waiting "
    "storage_used storage_quota clock_ahead_seconds",
)
class Device(WorkspaceModel):
    """A phone or tablet with the Floor app, registered for this workspace; people hold it (`DeviceHolder`).

    `sealed_key` encrypts what lies on the device, sealed itself with the workspace's key: destroyed with it,
    and emptied when the device is revoked. The rest is what the device said of itself at its last contact:
    what waits to be sent, its storage in bytes, and by how much its clock is ahead.
    """

    name = models.CharField(_("name"), max_length=60)
    secret_digest = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    last_contact_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    events_waiting = models.PositiveIntegerField(default=0)
    photos_waiting = models.PositiveIntegerField(default=0)
    inspections_waiting = models.PositiveIntegerField(default=0)
    storage_used = models.BigIntegerField(null=True)
    storage_quota = models.BigIntegerField(null=True)
    clock_ahead_seconds = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "revoked_at"], name="workspaces_device_live")]

    def __str__(self) -> str:
        return self.name


@promise(
    "workspace",
    retain="security",
    subject="user",
    on_subject=OnSubject.DELETE,
    secret="sealed_key",
    plain="added_at",
)
class DeviceHolder(WorkspaceModel):
    """A person who may open the Floor app on a device. `sealed_key` is what the person signs with there."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="holders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sealed_key = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "device", "user"], name="workspaces_holder_once")
        ]


@promise("user", subject="user", on_subject=OnSubject.DELETE, retain="person", plain="role since")
class OperatorMember(models.Model):
    """A person's role with the operator of the platform."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="operator_roles")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in OPERATOR_ROLES])
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="workspaces_operator_once")]

"""Reports, their immutable versions, the check before sharing, links for buyers, and what outlives an erasure."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.kit.promises import Edge, promise
from goldseal.reports.pack_models import PackChoice as PackChoice
from goldseal.reports.pack_models import ReportPack as ReportPack
from goldseal.workspaces.models import WorkspaceModel

LANGUAGES = [("en", "English"), ("bn", "বাংলা"), ("both", "English + বাংলা")]


class VersionState(models.TextChoices):
    """Where a version stands. Sealed ones change only to superseded or withdrawn."""

    QUEUED = "queued", _("Being prepared")
    SEALED = "sealed", pgettext_lazy("report", "Sealed")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    FAILED = "failed", _("Could not be made")


ISSUED = (VersionState.SEALED, VersionState.SUPERSEDED, VersionState.WITHDRAWN)


@promise("workspace", plain="year last")
class ReportCounter(WorkspaceModel):
    """The last report number of a workspace and year; its row lock keeps the numbers without gaps."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "year"], name="reports_counter_once")]


@promise(
    "workspace",
    plain="kind year sequence created_at compartment_id shown_to_id",
    identifier="number subject_id",
    free_text="title subject_path",
)
class Report(WorkspaceModel):
    """One numbered report about one record; what is issued are its versions.

    `compartment_id` is the buyer; `shown_to_id` repeats it once a version passed its check before sharing, so that
    a guest of that buyer sees checked versions only, in Python and in PostgreSQL alike.
    """

    compartment = "shown_to_id"

    number = models.CharField(_("number"), max_length=24)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.UUIDField()
    subject_path = models.CharField(max_length=200, blank=True)
    title = models.CharField(_("about"), max_length=200)
    compartment_id = models.UUIDField(null=True)
    shown_to_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="reports_report_number"),
            models.UniqueConstraint(fields=["workspace", "year", "sequence"], name="reports_report_sequence"),
            models.UniqueConstraint(
                fields=["workspace", "kind", "subject_id"], name="reports_report_subject"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "created_at"], name="reports_report_recent")]

    def __str__(self) -> str:
        return self.number


@promise(
    "workspace",
    subject="sealed_by",
    stores=("db", "files"),
    plain=(
        "version language state verdict requested_at sealed_at superseded_at withdrawn_at shared_at "
        "pack_version pack_hash content_hash file_hash file_size file_address record_address certificate shown_to_id failure_code"
    ),
    identifier="token pack_code",
    secret="token_digest",
    free_text="changes failure withdrawn_reason summary",
)
class ReportVersion(WorkspaceModel):
    """One issue of a report. Once sealed, a trigger refuses to change what was sealed.

    `content_hash` is the sha256 of the stored canonical record, `file_hash` that of the sealed PDF (both hex);
    the bytes lie encrypted at `record_address` and `file_address`. `token` is public: it is printed as QR code.
    `summary` is what pages show without opening the record.
    """

    compartment = "shown_to_id"

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    language = models.CharField(_("language"), max_length=4, choices=LANGUAGES)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.QUEUED)
    requested_at = models.DateTimeField()
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    sealed_at = models.DateTimeField(null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    changes = models.TextField(max_length=5000, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    summary = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    file_address = models.CharField(max_length=64, blank=True)
    record_address = models.CharField(max_length=64, blank=True)
    certificate = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=43)
    token_digest = models.CharField(max_length=64)
    shown_to_id = models.UUIDField(null=True)
    shared_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    pack_code = models.CharField(max_length=40, blank=True)
    pack_version = models.PositiveSmallIntegerField(default=0)
    pack_hash = models.CharField(max_length=64, blank=True)
    failure_code = models.CharField(max_length=20, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "report", "version"], name="reports_version_once"),
            models.CheckConstraint(
                condition=models.Q(sealed_at__isnull=True, state__in=["queued", "failed"])
                | models.Q(sealed_at__isnull=False, state__in=["sealed", "superseded", "withdrawn"]),
                name="reports_version_state_fits",
            ),
        ]
        indexes = [
            # Looked up from outside any workspace, with the secret in hand.
            models.Index(fields=["token_digest"], name="reports_version_token"),
            models.Index(fields=["file_hash"], name="reports_version_file"),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    @property
    def is_issued(self) -> bool:
        """Whether it was ever sealed."""
        return self.state in ISSUED

    @property
    def is_live(self) -> bool:
        """Whether it is the sealed version that holds now."""
        return self.state == VersionState.SEALED


@promise(
    "workspace",
    subject="reviewer",
    plain="counts photos measurements aql_result authorised at",
    person="reviewer_name",
)
class PreShareCheck(WorkspaceModel):
    """A named reviewer's word that a version may go to the buyer: every point looked at (K30).

    `authorised` is the word that its contents and signatures may be given away (K31); older checks did not ask.
    """

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="checks")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    reviewer_name = models.CharField(max_length=200, blank=True)
    counts = models.BooleanField()
    photos = models.BooleanField()
    measurements = models.BooleanField()
    aql_result = models.BooleanField()
    authorised = models.BooleanField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="reports_check_once"),
            models.CheckConstraint(
                condition=models.Q(counts=True, photos=True, measurements=True, aql_result=True)
                & (models.Q(authorised=True) | models.Q(authorised__isnull=True)),
                name="reports_check_complete",
            ),
        ]


@promise(
    "workspace",
    subject="created_by",
    plain="created_at expires_at revoked_at viewed_count last_viewed_at",
    secret="token_digest password",
    contact="email",
    free_text="recipient message",
)
class ReportShare(WorkspaceModel):
    """A link under which a buyer without an account sees one version; only its secret's digest is kept.

    `password` is a hash, empty where the link needs none. `email` and `message` are what was sent with it.
    """

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="shares")
    recipient = models.CharField(_("for whom"), max_length=120)
    email = models.EmailField(blank=True)
    message = models.TextField(max_length=1000, blank=True)
    token_digest = models.CharField(max_length=64)
    password = models.CharField(max_length=128, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    viewed_count = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["token_digest"], name="reports_share_token")]

    @property
    def has_password(self) -> bool:
        """Whether the link asks for a password."""
        return bool(self.password)


class VisitKind(models.TextChoices):
    """What somebody did under a link."""

    OPENED = "opened", _("opened the page")
    DOWNLOADED = "downloaded", _("downloaded the PDF")
    REFUSED = "refused", _("gave a wrong password")


@promise("workspace", plain="at kind browser")
class ShareVisit(WorkspaceModel):
    """One line of a link's access log. `browser` is one of a dozen families ("Firefox"); no address is kept."""

    share = models.ForeignKey(ReportShare, models.CASCADE, related_name="visits")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=VisitKind)
    browser = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "share", "at"], name="reports_visit_recent")]


class ResponseKind(models.TextChoices):
    """What a buyer says to a report."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledged")
    CONCESSION = "concession", _("Accepted with a deviation")
    REJECT = "reject", _("Rejected")
    COMMENT = "comment", _("Comment")


DECISIVE = (ResponseKind.ACKNOWLEDGE, ResponseKind.CONCESSION, ResponseKind.REJECT)


@promise("workspace", subject="person", plain="at kind compartment_id", free_text="text", person="name")
class BuyerResponse(WorkspaceModel):
    """A buyer's answer to one version, by a guest (`person`) or by whoever holds a link (`share`); it stays.

    `compartment_id` is the buyer, so that guests of that buyer see what their own side answered.
    """

    compartment = "compartment_id"

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="responses")
    share = models.ForeignKey(ReportShare, models.PROTECT, related_name="responses", null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    compartment_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12, choices=ResponseKind)
    name = models.CharField(_("name"), max_length=120, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "version", "at"], name="reports_response_recent")]


class SealOrigin(models.TextChoices):
    """Where a workspace's seal comes from."""

    MADE = "made", _("made here")
    IMPORTED = "imported", _("the customer's own")


@promise(
    "workspace",
    subject="made_by",
    stores=("db", "files"),
    plain="fingerprint origin made_at not_before not_after retired_at revoked_at",
    secret="key_address",
    free_text="certificate holder revoked_reason",
)
class SealCertificate(WorkspaceModel):
    """A certificate by which a workspace seals, or sealed. Only its key is secret, encrypted at `key_address`.

    At most one is in use; retired ones still vouch for what they sealed. A revoked one is named as such, from
    `revoked_at` on. `fingerprint` is the certificate's SHA-256 (hex).
    """

    fingerprint = models.CharField(max_length=64)
    certificate = models.TextField()
    holder = models.CharField(_("holder"), max_length=200)
    origin = models.CharField(max_length=10, choices=SealOrigin)
    key_address = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "fingerprint"], name="reports_seal_once"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(retired_at__isnull=True, revoked_at__isnull=True),
                name="reports_seal_in_use",
            ),
        ]
        # Looked up from outside any workspace, with a sealed file in hand.
        indexes = [models.Index(fields=["fingerprint"], name="reports_seal_fingerprint")]

    @property
    def is_in_use(self) -> bool:
        """Whether reports are sealed with it now."""
        return self.retired_at is None and self.revoked_at is None


@promise("", Edge.NONE, retain="reference", secret="token_digest", plain="file_hash erased_on")
class ErasedSeal(models.Model):
    """All that is left of a sealed version whose workspace was erased: enough to say that it was withdrawn.

    Holds no personal data and names no workspace; the two digests open only to who holds the paper or the file.
    """

    id = models.BigAutoField(primary_key=True)
    token_digest = models.CharField(max_length=64)
    file_hash = models.CharField(max_length=64)
    erased_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_digest"], name="reports_erasedseal_token")]
        indexes = [models.Index(fields=["file_hash"], name="reports_erasedseal_file")]

"""Attachments, uploads under way, and who confirmed the authority to upload."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.kit.promises import OnSubject, promise
from goldseal.workspaces.models import WorkspaceModel


class AttachmentKind(models.TextChoices):
    """What a person would call the file."""

    PHOTO = "photo", _("Photo")
    DOCUMENT = "document", _("Document")
    TABLE = "table", _("Spreadsheet")
    SOUND = "sound", _("Sound recording")
    FILM = "film", _("Film")


@promise(
    "workspace",
    subject="uploaded_by",
    identifier="address sha256 thumbnail_address print_address",
    image="original_sha256 visual_hash",
    location="latitude longitude",
    free_text="name",
    plain="kind mime size width height taken_at created_at",
    stores=("db", "files"),
)
class Attachment(WorkspaceModel):
    """A photo or document: its bytes lie encrypted in the blob store, this row says what they are.

    `sha256` and `size` describe the file as kept, `original_sha256` as it was sent: what a device waits for
    before it forgets its own copy. Addresses are keyed digests and tell nothing outside the workspace.
    `taken_at` is the camera's own clock (`YYYY-MM-DDTHH:MM:SS`, with an offset where the camera stated one): a
    claim, not proof. `visual_hash` is what a photo looks like in 64 bits (engine.looks). `latitude` and `longitude` (degrees) are kept only where the record asks for them.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=AttachmentKind)
    name = models.CharField(_("name"), max_length=120)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField(_("size"))
    address = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True)
    thumbnail_address = models.CharField(max_length=64, blank=True)
    print_address = models.CharField(max_length=64, blank=True)
    visual_hash = models.BigIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.CharField(max_length=25, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "created_at"], name="files_attachment_recent"),
            models.Index(fields=["workspace", "address"], name="files_attachment_address"),
            models.Index(fields=["workspace", "thumbnail_address"], name="files_attachment_thumbnail"),
            models.Index(fields=["workspace", "print_address"], name="files_attachment_print"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        """Whether there are a thumbnail and a print-sized picture."""
        return self.kind == AttachmentKind.PHOTO


@promise(
    "workspace",
    subject="person",
    on_subject=OnSubject.DELETE,
    identifier="expected_sha256",
    free_text="name",
    plain="purpose keep_location length offset created_at expires_at",
    stores=("db", "files"),
)
class Upload(WorkspaceModel):
    """A file on its way in, `offset` of `length` bytes kept; stays a day so that a lost answer can be asked again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=300, blank=True)
    purpose = models.CharField(max_length=40, default="file")
    expected_sha256 = models.CharField(max_length=64, blank=True)
    keep_location = models.BooleanField(default=False)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lte=models.F("length"), length__gt=0),
                name="files_upload_offset_within_length",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "expires_at"], name="files_upload_expiry"),
            models.Index(fields=["workspace", "person"], name="files_upload_person"),
        ]


@promise("workspace", subject="person", on_subject=OnSubject.DELETE, plain="version at")
class UploadAttestation(WorkspaceModel):
    """A person's confirmation that what they upload here is theirs to upload (K31), once for each wording."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "person", "version"], name="files_uploadattestation_once"
            )
        ]

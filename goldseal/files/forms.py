"""The form field through which any form takes photos and documents, with and without a page script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from goldseal.files.models import Attachment
from goldseal.files.posted import is_whole
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import STATEMENT

ANY_FILE = "image/jpeg,image/png,image/webp,image/heic,.heic,.pdf,.docx,.xlsx,.csv,.txt,.mp4,.m4a,.ogg"
PHOTOS = "image/jpeg,image/png,image/webp,image/heic,.heic"
MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class Attached:
    """What a form was given: files posted with it, ids of files uploaded before, and the confirmation."""

    files: list[Any] = field(default_factory=list)
    ids: list[UUID] = field(default_factory=list)
    attests: str = ""

    def __bool__(self) -> bool:
        return bool(self.files or self.ids)


class AttachmentInput(forms.FileInput):
    """A file input that `upload.ts` turns into resumable uploads with progress; plain HTML without it."""

    template_name = "files/attachment_input.html"
    allow_multiple_selected = True

    def __init__(
        self,
        *,
        base: str,
        accept: str,
        purpose: str,
        needs_attestation: bool,
        keep_location: bool,
        multiple: bool,
    ) -> None:
        super().__init__(attrs={"accept": accept, **({"multiple": True} if multiple else {})})
        self.settings = {
            "base": base,
            "purpose": purpose,
            "keep_location": keep_location,
            "multiple": multiple,
            "needs_attestation": needs_attestation,
            "statement": STATEMENT,
            "version": STATEMENT_VERSION,
        }
        self.present: list[Attachment] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Keeps what was uploaded before a form was sent back with an error."""
        context = super().get_context(name, None, attrs)
        kept = value.ids if isinstance(value, Attached) else []
        return {**context, **self.settings, "kept": " ".join(str(pk) for pk in kept), "present": self.present}

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Attached:
        """Files, ids and confirmation; what is no id is left out."""
        ids = []
        for text in str(data.get(f"{name}_ids", ""))[: 40 * MOST_FILES].split():
            try:
                ids.append(UUID(text))
            except ValueError:
                continue
        posted = files.getlist(name) if hasattr(files, "getlist") else []
        return Attached(list(posted), list(dict.fromkeys(ids)), str(data.get(f"{name}_attests", ""))[:20])

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        """Omitted only where neither a file nor an id came."""
        return name not in files and f"{name}_ids" not in data


class AttachmentsField(forms.Field):
    """Photos and documents in a form. Cleans to `Attached`; `services.take_attached` makes attachments of it.

    `base` is the workspace's address (`/w/<slug>/`). Large files need the page script: a plain post takes ten
    megabytes.
    """

    def __init__(
        self,
        *,
        base: str,
        needs_attestation: bool,
        accept: str = ANY_FILE,
        purpose: str = "file",
        keep_location: bool = False,
        multiple: bool = True,
        **kwargs: Any,
    ) -> None:
        widget = AttachmentInput(
            base=base,
            accept=accept,
            purpose=purpose,
            needs_attestation=needs_attestation,
            keep_location=keep_location,
            multiple=multiple,
        )
        self.needs_attestation = needs_attestation
        self.most = MOST_FILES if multiple else 1
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Attached:
        """What was attached, each file whole. Raises ValidationError."""
        given = value if isinstance(value, Attached) else Attached()
        if self.required and not given:
            raise forms.ValidationError(_("Choose a file."))
        if len(given.files) + len(given.ids) > self.most:
            raise forms.ValidationError(
                _("At most %(most)s files can be attached here.") % {"most": self.most}
            )
        if any(not is_whole(file) for file in given.files):
            raise forms.ValidationError(
                _(
                    "Together the files are larger than 10 MB. Send fewer at a time, or switch scripts on in your browser to send larger ones."
                )
            )
        if given.files and self.needs_attestation and not given.attests:
            raise forms.ValidationError(_("Confirm below that you may upload this content."))
        return given


class AddFilesForm(forms.Form):
    """Adding files to the workspace."""

    def __init__(self, *args: Any, base: str, needs_attestation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = AttachmentsField(
            base=base,
            needs_attestation=needs_attestation,
            label=_("Photos and documents"),
            help_text=_(
                "Photos (JPEG, PNG, WebP, HEIC) up to 30 MB; PDF, Word, Excel, CSV, text and recordings up to 100 MB."
            ),
        )

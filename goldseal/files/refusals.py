"""Why a file is refused, in the person's language, and the errors of storing that carry an HTTP status."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from goldseal.files.engine.blobs import BlobError, BlobTooLarge, DigestMismatch, StorageFull
from goldseal.files.engine.keystore import KeyStoreError
from goldseal.files.engine.refusals import Refused
from goldseal.kit.crypto import DecryptionError
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, TooLarge
from goldseal.kit.words import Words

log = logging.getLogger(__name__)

UNKNOWN = _(
    "This kind of file is not accepted. Send a photo (JPEG, PNG, WebP, HEIC), a PDF, a Word (.docx) or Excel "
    "(.xlsx) file, plain text, or a sound or film recording (M4A, OGG, MP4)."
)
_DAMAGED = _("This file is damaged and cannot be opened. Take the photo again, or send the original file.")
_MOVING = _("Moving pictures are not accepted as a photo. Send a still picture.")
_AS_JPEG = _("This kind of picture is not accepted. Save it as JPEG or PNG and send that.")
_OFFICE = _(
    "This Word or Excel file is damaged or made by hand. Open it in its program, save it again and send that."
)

SENTENCES: dict[str, Words] = {
    "animated": _MOVING,
    "archive": _("Archives (ZIP, RAR, 7z) are not accepted. Send the files one by one."),
    "avif": _AS_JPEG,
    "bad_part_name": _OFFICE,
    "bmp": _AS_JPEG,
    "crashed": _DAMAGED,
    "dtd": _("This Office file carries definitions that can harm the reader and is not accepted. Save it again as .docx or .xlsx."),
    "empty": _("This file is empty. Take the photo again, or send another file."),
    "encrypted": _("This file is protected by a password. Save it without the password and send it again."),
    "external_content": _("This Office file draws in content from elsewhere. Remove the links, or save it as PDF."),
    "gif": _AS_JPEG,
    "icon": _AS_JPEG,
    "jpeg2000": _AS_JPEG,
    "lying_size": _OFFICE,
    "macros": _("This Office file contains programs (macros). Save it without them as .docx or .xlsx."),
    "malformed": _DAMAGED,
    "markup": _("Web pages and other markup are not accepted. Save it as PDF."),
    "not_an_image": _("This is not a photo. Send a JPEG, PNG, WebP or HEIC picture."),
    "not_utf8": _("This text is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”; otherwise send a PDF or a photo."),
    "old_office": _("This is an old Office file (.doc, .xls) or one with a password. Save it as .docx, .xlsx or PDF, without a password."),
    "photoshop": _AS_JPEG,
    "polyglot": _("This file has another file hidden inside it and is not accepted. Save it again in the program it comes from."),
    "postscript": _("PostScript and Illustrator files are not accepted. Save it as PDF."),
    "program": _("Programs are not accepted."),
    "rtf": _("RTF files are not accepted. Save it as .docx or PDF."),
    "sgi": _AS_JPEG,
    "svg": _("SVG drawings can carry programs and are not accepted. Save it as PNG."),
    "tiff": _("TIFF and raw pictures are not accepted. Save it as JPEG or PNG."),
    "too_large": _("This file is too large. Photos may have 30 MB, other files 100 MB."),
    "too_many_parts": _OFFICE,
    "too_many_pixels": _("This picture is too large: at most 50 megapixels are accepted. Choose a smaller size in the camera's settings."),
    "too_much_memory": _("This picture needs too much memory to open. Send it smaller, as JPEG."),
    "took_too_long": _("This file takes too long to check. Send it smaller, a picture as JPEG."),
    "trailing_data": _("This file has something hidden after its end and is not accepted. Save it again in the program it comes from."),
    "truncated": _("This file is cut off: its end is missing. Send the original file again."),
    "unknown": UNKNOWN,
    "unknown_archive": _("Archives (ZIP, RAR, 7z) are not accepted. Send the files one by one."),
    "unreadable": _DAMAGED,
    "zip_bomb": _("This file unpacks to far more than its size and is not accepted. Open it in its program and save it again."),
}  # fmt: skip


class NoRoom(GoldsealError):
    """The disk is full: nothing was kept, everything stored before is intact."""

    status = 507
    code = "no-room"
    title = _(
        "The server has no room left for files. Nothing of this file was kept; please tell the administrator"
    )


class Altered(GoldsealError):
    """The bytes are not those whose digest was announced (tus: 460 Checksum Mismatch)."""

    status = 460
    code = "altered"
    title = _("The file arrived altered: its SHA-256 is not the one announced. Send it again")


class Locked(GoldsealError):
    """Another connection is sending the same upload at this moment."""

    status = 423
    code = "locked"
    title = _("This upload is being sent over another connection. It goes on by itself in a moment")


class AttestationNeeded(Conflict):
    """The person has not yet confirmed that they may upload content here (K31)."""

    code = "attestation-needed"
    title = _("Before your first upload, confirm that you may upload this content")


class Unreadable(GoldsealError):
    """The stored bytes cannot be given out: missing, damaged, or their key is gone."""

    status = 503
    code = "unreadable"
    title = _("This file cannot be read at the moment. The administrator finds the reason in the log")


def refusal(code: str) -> Invalid:
    """The error for a refusal code of the engine, with its sentence at the field `file`."""
    sentence = SENTENCES.get(code, UNKNOWN)
    return Invalid(sentence, fields={"file": sentence})


@contextmanager
def storing() -> Iterator[None]:
    """Turn the engine's failures of receiving a file into errors that speak to the person."""
    try:
        yield
    except Refused as refused:
        raise refusal(refused.code) from refused
    except BlobTooLarge as error:
        raise TooLarge(SENTENCES["too_large"], fields={"file": SENTENCES["too_large"]}) from error
    except DigestMismatch as error:
        raise Altered from error
    except StorageFull as error:
        log.error("No room for files: %s", error)
        raise NoRoom from error
    except KeyStoreError as error:
        log.error("The key store refuses: %s", error)
        raise Unreadable from error


@contextmanager
def reading() -> Iterator[None]:
    """Turn the engine's failures of reading a stored file into one error; the log says which file and why."""
    try:
        yield
    except (BlobError, KeyStoreError, DecryptionError) as error:
        log.error("A stored file cannot be read: %s", error)
        raise Unreadable from error

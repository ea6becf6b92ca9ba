"""What can go wrong with a file: errors that speak to the person and carry an HTTP status."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from goldseal.files.engine.blobs import BlobError, BlobTooLarge, DigestMismatch, StorageFull
from goldseal.files.engine.keystore import KeyStoreError
from goldseal.files.engine.refusals import Refused
from goldseal.files.sentences import SENTENCES, UNKNOWN
from goldseal.kit.crypto import DecryptionError
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, TooLarge

log = logging.getLogger(__name__)


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

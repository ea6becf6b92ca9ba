"""A workspace's seal: made on first use, replaced, brought along, revoked; older ones still vouch for their reports."""

from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.reports import vault
from goldseal.reports.engine.seal import SealError, SealProblem, make_certificate, read_pkcs12
from goldseal.reports.models import SealCertificate, SealOrigin
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import current_scope

PROBLEMS: dict[SealProblem, tuple[str, Words]] = {
    SealProblem.TOO_LARGE: ("file", _("This is not a certificate: it is larger than 64 kB.")),
    SealProblem.NOT_OPENED: (
        "password",
        _("The file could not be opened. Is it a PKCS #12 file (.p12, .pfx), and is this its password?"),
    ),
    SealProblem.NOT_RSA: ("file", _("The key in this file is not RSA of at least 2048 bits.")),
    SealProblem.NO_CERTIFICATE: ("file", _("The file holds no certificate that belongs to its key.")),
    SealProblem.NOT_IN_FORCE: ("file", _("The certificate is not in force today.")),
    SealProblem.MAY_NOT_SIGN: ("file", _("The certificate does not allow its key to sign documents.")),
}


def open_seal(*, actor: Actor, now: datetime) -> vault.Seal:
    """The seal of the open workspace, made on first use; half a second that one time.

    Raises Conflict where the certificate in use is no longer in force. The caller has authorised.
    """
    found = SealCertificate.objects.filter(retired_at=None, revoked_at=None).first()
    if found is None:
        workspace = _locked_workspace()
        found = SealCertificate.objects.filter(retired_at=None, revoked_at=None).first()
        if found is None:
            found = _made(workspace, actor, now)
    if now > found.not_after:
        raise Conflict(
            _("The certificate of the seal ended on %(on)s. An administrator renews it under Reports, Seal.")
            % {"on": found.not_after.date().isoformat()}
        )
    key = vault.fetch(workspace_id=found.workspace_id, address=found.key_address)
    return vault.Seal(key=key, certificate=found.certificate.encode(), fingerprint=found.fingerprint)


def rotate_seal(*, actor: Actor, now: datetime) -> SealCertificate:
    """Seal with a new key from now on. What was sealed before stays valid. Raises Forbidden."""
    authorize(actor, "reports.manage_seal")
    with recorded_change():
        workspace = _locked_workspace()
        _retire(now)
        return _made(workspace, actor, now)


def import_seal(*, content: bytes, password: str, actor: Actor, now: datetime) -> SealCertificate:
    """Seal with the customer's own certificate from now on: a PKCS #12 file. Raises Invalid, Conflict, Forbidden."""
    authorize(actor, "reports.manage_seal")
    try:
        key, certificate = read_pkcs12(content=content, password=password, now=now)
    except SealError as problem:
        field, sentence = PROBLEMS[SealProblem(str(problem))]
        raise Invalid(fields={field: sentence}) from problem
    with recorded_change():
        workspace = _locked_workspace()
        if SealCertificate.objects.filter(fingerprint=vault.fingerprint_of(certificate)).exists():
            raise Conflict(_("This certificate was in use here already. Choose another one."))
        _retire(now)
        return _kept(workspace, key, certificate, SealOrigin.IMPORTED, actor, now)


def revoke_seal(*, seal_id: UUID, reason: str, actor: Actor, now: datetime) -> SealCertificate:
    """Declare that a key is no longer to be trusted; the next report is sealed with a new one.

    Reports on record that were sealed before stay as they are: the record proves when that was. Raises Invalid,
    Conflict, NotFound, Forbidden.
    """
    authorize(actor, "reports.manage_seal")
    if not 5 <= len(reason.strip()) <= 500:
        raise Invalid(fields={"reason": _("Say why, in 5 to 500 letters; whoever verifies reads this.")})
    with recorded_change():
        found = SealCertificate.objects.select_for_update().filter(pk=seal_id).first()
        if found is None:
            raise NotFound
        if found.revoked_at is not None:
            raise Conflict(_("This certificate was revoked already."))
        found.revoked_at, found.revoked_reason = now, reason.strip()
        found.save(update_fields=["revoked_at", "revoked_reason"])
        record(
            event="seal.revoked",
            actor=actor,
            now=now,
            obj=found,
            payload={"fingerprint": found.fingerprint, "reason": found.revoked_reason},
        )
    return found


def _locked_workspace() -> Workspace:
    scope = current_scope()
    if scope is None:
        raise NotFound
    return Workspace.objects.select_for_update().get(pk=scope.workspace_id)


def _retire(now: datetime) -> None:
    SealCertificate.objects.filter(retired_at=None, revoked_at=None).update(retired_at=now)


def _made(workspace: Workspace, actor: Actor, now: datetime) -> SealCertificate:
    key, certificate = make_certificate(common_name=workspace.name.strip()[:64] or "Goldseal", now=now)
    return _kept(workspace, key, certificate, SealOrigin.MADE, actor, now)


def _printable(name: str) -> str:
    """A certificate may name its holder with any character; a page and PostgreSQL may not show all of them."""
    return "".join(char for char in name if char.isprintable())[:200] or "–"


def _kept(
    workspace: Workspace, key: bytes, certificate: bytes, origin: SealOrigin, actor: Actor, now: datetime
) -> SealCertificate:
    parsed = x509.load_pem_x509_certificate(certificate)
    names = parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    with recorded_change():
        kept = SealCertificate.objects.create(
            fingerprint=vault.fingerprint_of(certificate),
            certificate=certificate.decode("ascii"),
            holder=_printable(str(names[0].value)) if names else workspace.name[:200],
            origin=origin,
            key_address=vault.keep(workspace_id=workspace.pk, content=key),
            made_at=now,
            made_by_id=actor.person_id,
            not_before=parsed.not_valid_before_utc,
            not_after=parsed.not_valid_after_utc,
        )
        record(
            event="seal.taken_into_use",
            actor=actor,
            now=now,
            obj=kept,
            payload={"fingerprint": kept.fingerprint, "origin": kept.origin, "holder": kept.holder},
        )
    return kept

"""Verifying and anchoring every workspace's chain of the trail."""

from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from goldseal.files.stores import key_store
from goldseal.kit.ids import new_id
from goldseal.trail.models import Anchor, Chain
from goldseal.trail.rules.chain import ChainProblem
from goldseal.trail.selectors import ChainReport, verify_chain
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import operator_scope, workspace_scope

SECRET = "anchor"  # noqa: S105 - the name of the key, not the key
NOBODY = UUID(int=0)


def _key() -> Ed25519PrivateKey:
    def make() -> bytes:
        return Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    return Ed25519PrivateKey.from_private_bytes(key_store().ensure_secret(SECRET, make))


def _statement(anchor: Anchor) -> bytes:
    """What is signed: origin, workspace, sequence, hash, instant, a line each."""
    at = anchor.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"goldseal.anchor/1\n{anchor.workspace_id}\n{anchor.sequence}\n{anchor.hash}\n{at}\n".encode()


def workspace_ids() -> list[UUID]:
    with operator_scope(NOBODY):
        return list(Workspace.objects.order_by("pk").values_list("pk", flat=True))


def anchor_all(*, now: datetime) -> int:
    """Sign the head of every chain that has grown since its last anchor; returns how many."""
    key, made = _key(), 0
    for workspace_id in workspace_ids():
        with workspace_scope(workspace_id):
            head = Chain.objects.filter(workspace_id=workspace_id, sequence__gt=0).first()
            if (
                head is None
                or Anchor.objects.filter(workspace_id=workspace_id, sequence=head.sequence).exists()
            ):
                continue
            anchor = Anchor(
                id=new_id(), workspace_id=workspace_id, sequence=head.sequence, hash=head.hash, at=now
            )
            anchor.signature = key.sign(_statement(anchor)).hex()
            anchor.save(force_insert=True)
            made += 1
    return made


def verify_all() -> list[ChainReport]:
    """Every chain, recomputed; an anchor whose signature does not hold is a problem of its own."""
    return [_verify(workspace_id) for workspace_id in workspace_ids()]


def _verify(workspace_id: UUID) -> ChainReport:
    with workspace_scope(workspace_id):
        anchors = list(Anchor.objects.filter(workspace_id=workspace_id).order_by("sequence"))
        public = _key().public_key()
        for anchor in anchors:
            if not _holds(anchor, public):
                problem = ChainProblem(anchor.sequence, "has an anchor whose signature does not hold")
                return ChainReport(workspace_id, anchor.sequence, len(anchors), problem)
        return verify_chain(workspace_id, anchors=anchors)


def _holds(anchor: Anchor, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(anchor.signature), _statement(anchor))
    except (InvalidSignature, ValueError):
        return False
    return True

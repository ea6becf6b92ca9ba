"""API tokens: making and revoking them."""

from datetime import datetime, timedelta
from uuid import UUID

from goldseal.accounts.models import ApiToken, User
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import new_token, token_digest
from goldseal.kit.errors import Forbidden, NotFound
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize


def make_token(
    *, label: str, scopes: str, days: int, user: User, actor: Actor, now: datetime
) -> tuple[ApiToken, str]:
    """A bearer token for the API, bound to the person in this workspace; the secret is shown once."""
    authorize(actor, "tokens.manage")
    if actor.workspace_id is None or actor.grant_id is not None:
        raise Forbidden
    secret = f"gs_{new_token()}"
    with recorded_change():
        token = ApiToken.objects.create(
            workspace_id=actor.workspace_id,
            user=user,
            label=label.strip(),
            prefix=secret[:8],
            digest=token_digest(secret),
            scopes=scopes,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        record(
            event="token.made",
            actor=actor,
            now=now,
            obj=token,
            payload={"label": token.label, "scopes": scopes},
        )
    return token, secret


def revoke_token(*, token_id: UUID, actor: Actor, now: datetime) -> None:
    """End a token at once: its owner may, and who manages members may."""
    with recorded_change():
        token = (
            ApiToken.objects.select_for_update()
            .filter(pk=token_id, workspace_id=actor.workspace_id or "")
            .first()
        )
        if token is None:
            raise NotFound
        if token.user_id != actor.person_id:
            authorize(actor, "members.manage")
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            record(event="token.revoked", actor=actor, now=now, obj=token, payload={"label": token.label})

"""What a view needs of its request: the actor and the instant, set by the middleware at the front door."""

from datetime import datetime

from django.http import HttpRequest

from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotSignedIn


def visit(request: HttpRequest) -> tuple[Actor, datetime]:
    """The actor and `now` of this request; raises where nobody is signed in."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise NotSignedIn
    return actor, moment(request)


def moment(request: HttpRequest) -> datetime:
    """The instant of this request, the same from its beginning to its end."""
    now: datetime = request.now  # type: ignore[attr-defined]
    return now

"""Errors that speak to a person and carry the HTTP status they deserve."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from goldseal.kit.words import Words


class GoldsealError(Exception):
    """Base of every expected failure.

    `message` is one sentence for the person; `fields` maps a field's name to what is wrong with it
    and what is allowed. Views show both at the place concerned, the API as RFC 9457 problem details.
    """

    status = 400
    code = "error"
    title: Words = _("That did not work")

    def __init__(self, message: Words = "", *, fields: Mapping[str, Words] | None = None) -> None:
        super().__init__(message)
        self.message = message or self.title
        self.fields = dict(fields or {})


class Invalid(GoldsealError):
    """What was entered cannot be accepted; `fields` says where."""

    status = 422
    code = "invalid"
    title = _("Please check what you entered")


class NotSignedIn(GoldsealError):
    """The caller is nobody we know."""

    status = 401
    code = "not-signed-in"
    title = _("Please sign in")


class Forbidden(GoldsealError):
    """The person is known but may not do this here."""

    status = 403
    code = "forbidden"
    title = _("You do not have the permission for this")


class NotFound(GoldsealError):
    """Nothing here for this person: foreign and nonexistent objects answer alike."""

    status = 404
    code = "not-found"
    title = _("There is nothing at this address")


class Conflict(GoldsealError):
    """The state of things does not allow it now."""

    status = 409
    code = "conflict"
    title = _("This is not possible in the present state")


class TooLarge(GoldsealError):
    """More bytes or items than allowed."""

    status = 413
    code = "too-large"
    title = _("This is too large")


class TooMany(GoldsealError):
    """Asked too often."""

    status = 429
    code = "too-many"
    title = _("Too many attempts. Please wait a little")


class ScopeError(RuntimeError):
    """A programming error: tenant data touched outside, or across, a workspace scope."""

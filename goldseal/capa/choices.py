"""The coded choices of corrective action and their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.capa.rules import causes, effect, lifecycle
from goldseal.kit.words import Words


class Source(models.TextChoices):
    """Where a nonconformity came to light."""

    INSPECTION = "inspection", _("Failed inspection")
    RED_LIGHTS = "red_lights", _("Repeated red lights")
    DHU = "dhu", _("DHU above the limit")
    AUDIT = "audit", _("Audit")
    COMPLAINT = "complaint", _("Complaint")
    SUPPLIER = "supplier", _("Supplier")
    BY_HAND = "by_hand", _("Seen at work")


TYPED_SOURCES = (Source.BY_HAND, Source.AUDIT, Source.COMPLAINT, Source.SUPPLIER)


class CaseState(models.TextChoices):
    """The states of a nonconformity and of an action (DOMAIN §8)."""

    OPEN = lifecycle.OPEN, pgettext_lazy("corrective action", "Open")
    IN_PROGRESS = lifecycle.IN_PROGRESS, pgettext_lazy("corrective action", "In progress")
    SUBMITTED = lifecycle.SUBMITTED, pgettext_lazy("corrective action", "Submitted")
    IN_REVIEW = lifecycle.IN_REVIEW, pgettext_lazy("corrective action", "In review")
    DECLINED = lifecycle.DECLINED, pgettext_lazy("corrective action", "Declined")
    APPROVED = lifecycle.APPROVED, pgettext_lazy("corrective action", "Approved")
    VERIFIED = lifecycle.VERIFIED, pgettext_lazy("corrective action", "Verified")
    CLOSED = lifecycle.CLOSED, pgettext_lazy("corrective action", "Closed")
    REOPENED = lifecycle.REOPENED, pgettext_lazy("corrective action", "Reopened")


MOVE_WORDS: dict[str, tuple[Words, str]] = {
    lifecycle.BEGIN: (_("Begin"), "edit"),
    lifecycle.SUBMIT: (_("Submit for review"), "arrow-right"),
    lifecycle.TAKE_UP: (_("Take up the review"), "eye"),
    lifecycle.APPROVE: (_("Approve"), "check"),
    lifecycle.DECLINE: (_("Decline"), "x"),
    lifecycle.VERIFY: (_("Verify"), "shield-check"),
    lifecycle.REOPEN: (_("Reopen"), "rotate-2"),
}


class ContainmentKind(models.TextChoices):
    """What is done at once so that no bad piece goes on."""

    SORT = "sort", _("Sort")
    HOLD_LOT = "hold_lot", _("Hold the lot")
    RECHECK = "recheck", _("Recheck")


class Chain(models.TextChoices):
    """The two questions of a 5 Why."""

    MADE = causes.MADE, _("Why was it made?")
    DETECTED = causes.DETECTED, _("Why was it not detected?")


class BoneKind(models.TextChoices):
    """The bones of the fishbone: 6M and management."""

    MAN = "man", pgettext_lazy("fishbone", "Man")
    MACHINE = "machine", pgettext_lazy("fishbone", "Machine")
    MATERIAL = "material", pgettext_lazy("fishbone", "Material")
    METHOD = "method", pgettext_lazy("fishbone", "Method")
    MEASUREMENT = "measurement", pgettext_lazy("fishbone", "Measurement")
    ENVIRONMENT = "environment", pgettext_lazy("fishbone", "Environment")
    MANAGEMENT = "management", pgettext_lazy("fishbone", "Management")


class Standing(models.TextChoices):
    """What is known of a possible cause."""

    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")
    RULED_OUT = "ruled_out", _("Ruled out")


class ActionKind(models.TextChoices):
    """Against this cause, or against its return elsewhere."""

    CORRECTIVE = "corrective", _("Corrective")
    PREVENTIVE = "preventive", _("Preventive")


class ActionType(models.TextChoices):
    """What an action changes; training alone seldom lasts."""

    METHOD = "method", _("Method or work instruction")
    MACHINE = "machine", _("Machine, setting or maintenance")
    TOOL = "tool", _("Tool, jig or template")
    MATERIAL = "material", _("Material or supplier")
    CHECK = "check", _("Check added or changed")
    LAYOUT = "layout", _("Layout or workplace")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Other")


class Metric(models.TextChoices):
    """How the effect is measured."""

    RATE = "rate", _("A defect's rate in new inspections")
    OBSERVED = "observed", _("Seen at the place by the verifier")


class WindowKind(models.TextChoices):
    """What the window of an effect check counts."""

    DAYS = effect.DAYS, _("Days")
    INSPECTIONS = effect.INSPECTIONS, _("Inspections")
    PIECES = effect.PIECES, _("Pieces")


class CheckState(models.TextChoices):
    """Where an effect check stands."""

    WAITING = effect.WAITING, _("Waiting for numbers")
    MET = effect.MET, pgettext_lazy("effect check", "Met")
    NOT_MET = effect.NOT_MET, pgettext_lazy("effect check", "Not met")
    RECURRED = "recurred", pgettext_lazy("effect check", "Came back")


class Purpose(models.TextChoices):
    """What a photo or document proves."""

    FOUND = "found", _("What was found")
    CONTAINMENT = "containment", _("Containment")
    CAUSE = "cause", _("Cause")
    BEFORE = "before", _("Before the action")
    AFTER = "after", _("After the action")


class ScarState(models.TextChoices):
    """Where a request to a supplier stands."""

    SENT = "sent", pgettext_lazy("supplier request", "Sent")
    ANSWERED = "answered", pgettext_lazy("supplier request", "Answered")
    DECLINED = "declined", pgettext_lazy("supplier request", "Declined, asked again")
    ACCEPTED = "accepted", pgettext_lazy("supplier request", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("supplier request", "Withdrawn")


class AnswerState(models.TextChoices):
    """What became of one answer."""

    GIVEN = "given", pgettext_lazy("supplier answer", "To be looked at")
    ACCEPTED = "accepted", pgettext_lazy("supplier answer", "Accepted")
    DECLINED = "declined", pgettext_lazy("supplier answer", "Declined")


SHIFT_WORDS: dict[str, Words] = {
    "morning": _("Morning shift"),
    "evening": _("Evening shift"),
    "night": _("Night shift"),
}
QUESTION_WORDS: dict[str, Words] = {
    "what": pgettext_lazy("is / is not", "What"),
    "where": pgettext_lazy("is / is not", "Where"),
    "when": pgettext_lazy("is / is not", "When"),
    "how_many": pgettext_lazy("is / is not", "How many"),
}
AGE_WORDS: dict[str, Words] = {
    "0-7": _("0–7 days"),
    "8-14": _("8–14 days"),
    "15-30": _("15–30 days"),
    "30+": _("More than 30 days"),
}

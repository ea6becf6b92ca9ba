"""A person who can sign in, and the tokens programs use on a person's behalf."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from goldseal.kit.ids import new_id
from goldseal.kit.promises import OnSubject, promise


class UserManager(BaseUserManager["User"]):
    """Creates people with a normalised address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """A person with an unverified address; no password means sign-in only by other factors."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


@promise(
    "self",
    retain="person",
    subject="self",
    secret="password",
    person="name",
    contact="email",
    plain="last_login is_active joined_at language theme erased_at is_adult",
)
class User(AbstractBaseUser):
    """A person, in as many workspaces as invite them. An erased person stays as an empty shell."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("bn", "বাংলা")], default="en"
    )
    theme = models.CharField(
        _("appearance"),
        max_length=5,
        choices=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
        default="auto",
    )
    is_active = models.BooleanField(default=True)
    is_adult = models.BooleanField(_("I am 18 or older and use Goldseal for business"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name people see: the given one, else what stands before the @."""
        return self.name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """For libraries that ask."""
        return self.display_name


@promise(
    "#workspace_id",
    subject="user",
    on_subject=OnSubject.DELETE,
    secret="digest",
    identifier="prefix device_id",
    plain="scopes created_at expires_at last_used_at revoked_at",
    free_text="label",
)
class ApiToken(models.Model):
    """A bearer token bound to one person in one workspace; only its digest is kept.

    `device_id`: the registered device whose Floor app holds it (scopes "floor"); its permissions are then an
    inspector's at most, and it ends with the device.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.UUIDField()
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("what it is for"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(
        _("may"),
        max_length=10,
        choices=[
            ("read", _("read only")),
            ("write", _("read and write")),
            ("floor", _("inspect, with the Floor app")),
        ],
    )
    device_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "user"], name="accounts_token_owner")]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"


@promise(
    "user",
    retain="person",
    subject="user",
    on_subject=OnSubject.DELETE,
    secret="digest",
    plain="set_at wrong_tries locked_until",
)
class StaffPin(models.Model):
    """Six digits with which a person takes over a shared tablet on which they signed in today (K28).

    Opens a session on that device only; signing there still asks for the password. On a registered device it
    opens the Floor app and signs, by a key that the server released after password and PIN.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="staff_pin")
    digest = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

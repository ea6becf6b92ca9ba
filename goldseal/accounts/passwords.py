"""Password rules beyond length: nothing from the offline list of breached passwords, however decorated."""

import re
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_DECORATION = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")


@lru_cache(maxsize=1)
def _breached() -> frozenset[str]:
    """The 20 000 most used passwords of public breaches, which Django ships; read once."""
    return frozenset(CommonPasswordValidator().passwords)


class BreachedPasswordValidator:
    """Refuses breached passwords (ASVS 6.2.4, 6.2.12), also with digits or signs around or look-alikes inside."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError if the password, or its bare core, is on the list."""
        lowered = password.lower().strip()
        core = _DECORATION.sub("", lowered)
        plain = _DECORATION.sub("", lowered.translate(_LOOKALIKES))
        candidates = {lowered, core, plain}
        if len(set(lowered)) < 4 or any(len(c) >= 4 and c in _breached() for c in candidates):
            raise ValidationError(
                _(
                    "This password is known from data breaches or too easy to guess. Try three or four unrelated words."
                ),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _(
            "At least ten characters; not one of the passwords known from data breaches. Three or four unrelated words work well."
        )

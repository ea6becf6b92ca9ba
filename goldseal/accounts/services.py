"""Changing what a person says about themself."""

from goldseal.accounts.models import User


def edit_profile(*, user: User, name: str, language: str, theme: str) -> User:
    """Name (printed under what the person signs from now on), language and appearance."""
    user.name, user.language, user.theme = name, language, theme
    user.save(update_fields=["name", "language", "theme"])
    return user

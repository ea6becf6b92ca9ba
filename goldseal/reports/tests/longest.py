"""Rows with the longest texts and the largest counts that their models allow: what a record must still take in."""

from typing import Any

from django.db import models

LARGEST = 2_147_483_647
OWN = ("number", "code", "email", "slug", "time_zone")  # what is no free text, or must differ


def lengthen(*rows: models.Model) -> None:
    """Write the longest text into every free text of each row, past its services."""
    for row in rows:
        longest: dict[str, Any] = {
            field.name: "ক" * field.max_length
            for field in row._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and field.max_length
            and not field.choices
            and field.name not in OWN
        }
        if longest:
            type(row)._default_manager.filter(pk=row.pk).update(**longest)

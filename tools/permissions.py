"""Writes docs/permissions.md from the permission table."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldseal.config.settings")

import django

django.setup()

from goldseal.kit.permissions import Role, permission_table

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    heads = " | ".join(role.value.replace("_", " ") for role in Role)
    lines = [
        "# Roles and permissions",
        "",
        "Written by `tools/permissions.py` from the table the program decides by; a test compares both.",
        "",
        f"| permission | {heads} |",
        f"|---|{'---|' * len(Role)}",
    ]
    for row in permission_table():
        cells = " | ".join("yes" if role in row.roles else "" for role in Role)
        lines.append(f"| `{row.code}` | {cells} |")
    (PROJECT / "docs" / "permissions.md").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()

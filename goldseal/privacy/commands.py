"""`goldseal export` and `goldseal erase`."""

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

from goldseal.accounts.models import User
from goldseal.kit.actors import system_actor
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import GoldsealError
from goldseal.privacy import services
from goldseal.privacy.erasing import LeftOver
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import operator_scope

NOBODY = UUID(int=0)


def _workspace(slug: str) -> Workspace | None:
    with operator_scope(NOBODY):
        return Workspace.objects.filter(slug=slug).first()


def _say(facts: dict[str, object], sentence: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(facts) if as_json else sentence) + "\n")


def export(arguments: list[str]) -> int:
    """`goldseal export --workspace SLUG [--to FILE] [--json]`."""
    parser = argparse.ArgumentParser(
        prog="goldseal export", description="Write everything a workspace holds to a ZIP file."
    )
    parser.add_argument("--workspace", required=True, metavar="SLUG", help="the name in the address /w/SLUG/")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to; SLUG.zip by default")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    workspace = _workspace(options.workspace)
    if workspace is None:
        _say(
            {"error": "no such workspace"},
            f"There is no workspace called {options.workspace}.",
            as_json=options.json,
        )
        return 1
    target: Path = options.to or Path(f"{options.workspace}.zip")
    draft = target.with_name(f"{target.name}.part")
    try:
        with draft.open("w+b") as sink:
            written = services.export_workspace(
                workspace_id=workspace.pk,
                sink=sink,
                actor=system_actor(workspace.pk, via="command"),
                now=utc_now(),
            )
        draft.replace(target)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        _say({"error": str(problem)}, f"The export could not be written: {problem}", as_json=options.json)
        return 1
    rows = sum(written.rows.values())
    _say(
        {"file": str(target), "rows": rows, "files": written.files},
        f"Exported {rows} rows and {written.files} files to {target}.",
        as_json=options.json,
    )
    return 0


def erase(arguments: list[str]) -> int:
    """`goldseal erase --workspace SLUG | --person EMAIL --yes [--json]`."""
    parser = argparse.ArgumentParser(
        prog="goldseal erase", description="Erase a workspace or a person, for good."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--workspace", metavar="SLUG")
    which.add_argument("--person", metavar="EMAIL")
    parser.add_argument("--yes", action="store_true", help="really: this cannot be undone")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.yes:
        _say(
            {"error": "not confirmed"},
            "Nothing was erased: add --yes, this cannot be undone.",
            as_json=options.json,
        )
        return 2
    now = utc_now()
    found: Workspace | User | None
    if options.workspace:
        found = _workspace(options.workspace)
    else:
        found = User.objects.filter(email__iexact=options.person).first()
    if found is None:
        _say(
            {"error": "not found"},
            f"There is no {options.workspace or options.person}.",
            as_json=options.json,
        )
        return 1
    erasure = services.begin_erasure(
        kind="workspace" if options.workspace else "person", subject_id=found.pk, now=now
    )
    carry_out = services.erase_workspace if options.workspace else services.erase_person
    try:
        done = carry_out(erasure_id=erasure.pk, now=now)
    except (LeftOver, GoldsealError) as problem:
        _say({"error": str(problem)}, f"The erasure FAILED: {problem}", as_json=options.json)
        return 1
    _say(
        services.certificate(done),
        f"Erased. {sum(done.counts.values())} things removed; certificate {done.certificate_hash}.",
        as_json=options.json,
    )
    return 0

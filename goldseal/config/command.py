"""`goldseal`: the command line. Each command prints one clear line, takes `--json`, and exits non-zero on failure."""

import os
import sys
from collections.abc import Callable

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("goldseal.config.serving:serve", "run everything: database, web, worker"),
    "migrate": ("goldseal.config.serving:migrate_command", "bring the database up to date"),
    "worker": ("goldseal.config.serving:worker", "run jobs only"),
    "demo": (
        "goldseal.ops.commands:demo",
        "run the main job on a bundle and print where the sealed report lies",
    ),
    "export": ("goldseal.privacy.commands:export", "write everything a workspace holds to a ZIP file"),
    "erase": ("goldseal.privacy.commands:erase", "erase a workspace or a person"),
    "audit-verify": ("goldseal.ops.commands:audit_verify", "recompute every chain of the trail"),
    "anchor": ("goldseal.ops.commands:anchor", "sign how far each chain has come"),
    "verify": ("goldseal.reports.commands:verify", "say whether a PDF is one of ours and unaltered"),
    "sweep": ("goldseal.ops.commands:sweep", "remove what is due: old uploads, orphans, expired sessions"),
    "doctor": ("goldseal.ops.commands:doctor", "check that everything this needs is in order"),
    "manage": ("goldseal.config.serving:manage", "Django's own commands, for developers"),
}


def main() -> None:
    """Entry point of the `goldseal` program."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help") or arguments[0] not in COMMANDS:
        _usage()
        raise SystemExit(0 if arguments and arguments[0] in ("-h", "--help") else 2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldseal.config.settings")
    try:
        raise SystemExit(_load(COMMANDS[arguments[0]][0])(arguments[1:]))
    except BrokenPipeError:
        raise SystemExit(1) from None


def _load(target: str) -> Callable[[list[str]], int]:
    from importlib import import_module

    module, _, name = target.partition(":")
    if not module.startswith("goldseal.config"):
        from goldseal.config.serving import ready_for_commands

        ready_for_commands()
    found: Callable[[list[str]], int] = getattr(import_module(module), name)
    return found


def _usage() -> None:
    lines = ["goldseal <command> [options]", ""]
    lines += [f"  {name:13} {text}" for name, (_, text) in COMMANDS.items()]
    sys.stdout.write("\n".join([*lines, ""]))

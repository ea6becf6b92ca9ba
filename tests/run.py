"""`make test`: lints, types and contracts, the front end's types, then every test on every core."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STEPS = [
    ("formatting", [str(BIN / "ruff"), "format", "--check", "-q", "."]),
    ("lints", [str(BIN / "ruff"), "check", "-q", "."]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-logo"]),
    ("types", [str(BIN / "mypy")]),
    ("front-end types", ["node", "node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]),
    (
        "Floor's own tests",
        ["node", "node_modules/vitest/vitest.mjs", "run", "--config", "floor/vitest.config.ts", "--silent"],
    ),
]


def main() -> int:
    sys.path.insert(0, str(PROJECT / "tools"))
    from front import node_folder

    environment = dict(os.environ)
    if node_folder():
        environment["PATH"] = f"{node_folder()}{os.pathsep}{environment['PATH']}"
    failed = []
    for name, command in STEPS:
        started = time.monotonic()
        done = subprocess.run(command, cwd=PROJECT, env=environment)
        sys.stdout.write(
            f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)\n"
        )
        sys.stdout.flush()
        if done.returncode:
            failed.append(name)
    if os.environ.get("GOLDSEAL_NEED_BROWSER") == "1" and not shutil.which("chromium"):
        sys.stdout.write("Chromium was not found, and here no browser journey may be skipped.\n")
        return 1
    if not (shutil.which("chromium") or os.environ.get("GOLDSEAL_CHROMIUM")):
        sys.stdout.write(
            "\n*** Chromium was not found: THE BROWSER JOURNEYS ARE SKIPPED. Install it to run them. ***\n\n"
        )
    # One more than there are cores: the browser journeys wait a good part of their time.
    arguments = sys.argv[1:] or ["-n", str((os.cpu_count() or 2) + 1), "--dist", "worksteal"]
    sys.stdout.flush()
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, env=environment)
    if failed:
        sys.stdout.write(f"Failed before the tests: {', '.join(failed)}\n")
    return done.returncode or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())

"""Installs the locked front-end packages and builds styles and scripts, with the machine's Node or the wheel's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def node_folder() -> str:
    """Where a Node of at least version 20 is; the empty string if it is on the path already."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = (
            subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        )
        if version and int(version.split(".")[0]) >= 20:
            return ""
    return str(Path(sys.executable).parent)


def main() -> None:
    environment = dict(os.environ)
    folder = node_folder()
    if folder:
        environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
    lock, installed = PROJECT / "package-lock.json", PROJECT / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=PROJECT,
            env=environment,
            check=True,
        )
        installed.touch()
    subprocess.run(["node", "assets/build.mjs"], cwd=PROJECT, env=environment, check=True)


if __name__ == "__main__":
    main()

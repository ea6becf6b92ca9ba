"""The Floor app's own core in node, for tests and figures against the real server."""

import json
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
# As for the app itself: what node has of its own is left to it.
BUNDLE = """
import { build } from "esbuild";
await build({ entryPoints: [process.argv[1]], outfile: process.argv[2], bundle: true, platform: "browser",
  external: ["node:*"], format: "esm", target: "es2022", logLevel: "warning" });
"""


def are_built() -> bool:
    """Whether the front end's tools are installed."""
    return (PROJECT / "node_modules" / "esbuild").is_dir()


def bundled(entry: str, out: Path) -> Path:
    """The script with everything it needs; `entry` is its path in the project."""
    command = ["node", "--input-type=module", "-e", BUNDLE, entry, str(out)]
    subprocess.run(command, cwd=PROJECT, check=True)
    return out


def said_by(script: Path, asked: Any) -> str:
    """What a bundled script answers to this JSON."""
    done = subprocess.run(["node", str(script)], input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout

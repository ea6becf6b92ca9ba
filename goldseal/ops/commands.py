"""Commands of the operator: the demo, verifying the trail, anchoring, sweeping, the doctor."""

import argparse
import json
import sys
from pathlib import Path

from goldseal.kit.clock import utc_now
from goldseal.kit.errors import GoldsealError
from goldseal.ops import chains, health, upkeep
from goldseal.ops.demo import run_bundle
from goldseal.ops.sample.bundle import SAMPLE, BundleError, load_bundle


def _say(facts: object, sentence: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(facts, default=str) if as_json else sentence) + "\n")


def demo(arguments: list[str]) -> int:
    """`goldseal demo [--from FOLDER] [--json]`: the main job on a bundle."""
    parser = argparse.ArgumentParser(
        prog="goldseal demo", description="Turn a bundle into a sealed report in the demo workspace."
    )
    parser.add_argument(
        "--from",
        dest="folder",
        type=Path,
        default=SAMPLE,
        metavar="FOLDER",
        help="a bundle; the sample by default",
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        result = run_bundle(load_bundle(options.folder), now=utc_now())
    except BundleError as wrong:
        _say(
            {"problems": list(wrong.problems)},
            "This bundle cannot be taken:\n  " + "\n  ".join(wrong.problems),
            as_json=options.json,
        )
        return 1
    except GoldsealError as refused:
        _say(
            {"problems": [str(refused.message)]},
            f"This bundle cannot be taken: {refused.message}",
            as_json=options.json,
        )
        return 1
    _say(
        {
            "number": result.number,
            "verdict": result.verdict,
            "pdf": str(result.pdf),
            "inspection": result.code,
        },
        f"{result.number} ({result.code}): {result.verdict.upper()}. Sealed report: {result.pdf}",
        as_json=options.json,
    )
    return 0


def audit_verify(arguments: list[str]) -> int:
    """`goldseal audit-verify [--json]`: every chain, entry by entry, against its head and signed anchors."""
    parser = argparse.ArgumentParser(
        prog="goldseal audit-verify", description="Recompute every chain of the trail."
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    reports = chains.verify_all()
    bad = [report for report in reports if report.problem]
    facts = [
        {
            "workspace": report.workspace_id,
            "entries": report.entries,
            "anchors": report.anchors,
            "problem": f"entry {report.problem.sequence} {report.problem.reason}" if report.problem else None,
        }
        for report in reports
    ]
    entries = sum(report.entries for report in reports)
    sentence = f"{len(reports)} chains, {entries} entries: every one as it was written."
    if bad:
        lines = [
            f"  workspace {r.workspace_id}: entry {r.problem.sequence} {r.problem.reason}"
            for r in bad
            if r.problem
        ]
        sentence = "The trail is NOT as it was written:\n" + "\n".join(lines)
    _say(facts, sentence, as_json=options.json)
    return 1 if bad else 0


def anchor(arguments: list[str]) -> int:
    """`goldseal anchor [--json]`: sign how far each chain has come."""
    as_json = "--json" in arguments
    made = chains.anchor_all(now=utc_now())
    _say({"anchors": made}, f"Signed {made} anchors.", as_json=as_json)
    return 0


def sweep(arguments: list[str]) -> int:
    """`goldseal sweep [--json]`: remove what is due."""
    counts = upkeep.sweep(now=utc_now())
    _say(
        counts,
        "Swept: " + ", ".join(f"{count} {what}" for what, count in counts.items()) + ".",
        as_json="--json" in arguments,
    )
    return 0


def doctor(arguments: list[str]) -> int:
    """`goldseal doctor [--json]`: check that everything this needs is in order."""
    findings = health.examine(now=utc_now())
    wrong = [finding for finding in findings if not finding.is_well]
    sentence = "\n".join(f"{'ok  ' if f.is_well else 'BAD '} {f.what}: {f.words}" for f in findings)
    _say([f.as_facts() for f in findings], sentence, as_json="--json" in arguments)
    return 1 if wrong else 0

"""Three phones with clocks an hour apart, a network that cuts, doubles and reorders, the real server: nothing is lost.

The app's own core runs in node against the production server through `tests.rough_network`. Whatever happened on the
way, the record is the set-function of what was tapped. `GOLDSEAL_CHAOS=300` plays 300 histories however long it takes;
the suite plays what fits into its time. A history's taps come from its seed, which a failure names.
"""

import hashlib
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from goldseal.catalog.models import Method, Stage
from goldseal.files.selectors import open_content
from goldseal.files.tests.live import server
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.models import Evidence, HourTally, Inspection, InspectionState, Signature
from goldseal.inspections.rules.events import parse_events
from goldseal.inspections.rules.state import SIGNED, SUBMITTED, apply_events
from goldseal.inspections.selectors import events_of
from goldseal.inspections.snapshots import state_of, summary_of
from goldseal.inspections.tallies import rebuilt
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role
from tests.phones import are_built, bundled, said_by
from tests.rough_network import RoughNetwork

pytestmark = pytest.mark.usefixtures("committed_db")
WANTED = int(os.environ.get("GOLDSEAL_CHAOS", "0"))
SECONDS = 30.0
LANES = 3
BLOCK = 24  # histories planned at once: all of them are in everybody's day


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's core with everything it needs, as one script for node."""
    if not are_built():
        pytest.skip("the front end's tools are not installed")
    return bundled("floor/tests/real.ts", tmp_path_factory.mktemp("phones") / "phones.mjs")


def test_what_was_tapped_is_what_the_server_has(phones: Path, capsys: Any) -> None:
    at = floor()
    people = [at.place.member(f"tapper-{number}", Role.INSPECTOR) for number in range(3)]
    for person in people:
        person.set_password(PASSWORD)
        person.save()
    end, number = time.monotonic() + SECONDS, 0
    with server() as (port, _pid), RoughNetwork(port, seed=7) as network:
        while number < WANTED if WANTED else time.monotonic() < end - 1:
            planned = _plan(at, range(number, min(number + BLOCK, WANTED or number + BLOCK)))
            play = {
                "rough": f"http://127.0.0.1:{network.port}",
                "calm": f"http://127.0.0.1:{port}",
                "workspace": at.place.workspace.slug,
                "password": PASSWORD,
                "lanes": [
                    [signed_in(person).session.session_key for person in people] for _lane in range(LANES)
                ],
                "histories": [{"seed": seed, "pk": pk} for seed, pk in planned.items()],
                "seconds": 3600 if WANTED else max(0.0, end - time.monotonic()),
            }
            played = [json.loads(line) for line in said_by(phones, play).splitlines()]
            network.wait_until_quiet()
            with at.place.scope():
                for history in played:
                    _compare(history)
                # Nobody's day needs these any more.
                Inspection.objects.filter(pk__in=planned.values()).update(inspector=at.inspector)
            number += len(played)
        met = ", ".join(f"{count} {fate}" for fate, count in sorted(network.met.items()))
    with at.place.scope():
        pictures = Evidence.objects.count()
        handed_in = Signature.objects.count()
    with capsys.disabled():
        sys.stdout.write(f"\n{number} histories, {pictures} photos, {handed_in} signatures; {met}\n")
    assert number >= (WANTED or 3)  # a busy machine plays few in its seconds
    assert pictures
    assert handed_in


def _plan(at: Floor, seeds: range) -> dict[int, str]:
    """An inspection of nobody's for each history, today's; every third one counts a line's pieces."""
    with at.place.scope():
        line = replace(at, stage_id=Stage.objects.get(code="END").pk)
    planned = {
        seed: str((at if seed % 3 else line).plan(inspector_id=None, seed=f"{seed:064x}").pk)
        for seed in seeds
    }
    with at.place.scope():
        Inspection.objects.filter(pk__in=planned.values()).update(planned_on=utc_now().date())
    return planned


def _compare(played: dict[str, Any]) -> None:
    """The inspection on the server beside the set-function over what the phones made."""
    seed = f"history {played['seed']}"
    inspection = Inspection.objects.get(pk=played["pk"])
    stored = events_of(inspection)
    own = [event for event in stored if event.kind not in (SIGNED, SUBMITTED)]
    made = {event.id: event for event in parse_events(played["events"])}
    assert {event.id: event.digest() for event in own} == {
        event.id: event.digest() for event in made.values()
    }, seed
    assert played["states"] == ["safe"] * 3, seed
    acts = [event for event in stored if event.kind in (SIGNED, SUBMITTED)]
    accepted = str(inspection.accepted_submission) if inspection.accepted_submission else None
    reference = apply_events([*made.values(), *acts], accepted_submission=accepted)
    assert state_of(inspection, stored) == reference, seed
    assert (inspection.state == InspectionState.DECIDED) == played["isHandedIn"], seed
    if played["isHandedIn"]:
        assert reference.is_complete, seed
        hashes = Signature.objects.filter(inspection=inspection).values_list("record_hash", flat=True)
        assert reference.content_hash in hashes, seed
    record = [event for event in stored if event not in reference.addenda]
    if inspection.method == Method.ENDLINE:
        assert _tallied(inspection) == rebuilt(record), seed
    if played["isHandedIn"] or inspection.method != Method.ENDLINE:
        assert inspection.content_hash == reference.content_hash, seed
        shown = summary_of(reference, decision_of(inspection, reference))
        assert inspection.summary == json.loads(json.dumps(shown, cls=DjangoJSONEncoder)), seed
    for body in (event.body for event in own if event.kind == "photo_attached"):
        _look_for(inspection, body["sha256"], seed)


def _tallied(inspection: Inspection) -> dict[Any, int]:
    rows = HourTally.objects.filter(inspection=inspection).exclude(count=0)
    return {(row.hour, row.what, row.zone): row.count for row in rows}


def _look_for(inspection: Inspection, sha256: str, seed: str) -> None:
    """The photo is there as it was sent, named by its digest, and its bytes can be read."""
    photo = Evidence.objects.select_related("attachment").get(inspection=inspection, sha256=sha256)
    assert sha256 in (photo.attachment.sha256, photo.attachment.original_sha256), seed
    with open_content(photo.attachment) as content:
        assert hashlib.sha256(content.read()).hexdigest() == photo.attachment.sha256, seed

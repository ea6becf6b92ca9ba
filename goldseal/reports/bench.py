"""Measure reports: thirty photos in a warm worker, thirty that no process has seen, many in a row, hostile text."""

import io
import itertools
import random
import resource
import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from goldseal.kit.actors import Actor
from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.photos import print_photo
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.seal import make_certificate, seal_pdf
from goldseal.reports.engine.verify import examine
from goldseal.reports.tests import example

TEMPLATE = Path(__file__).resolve().parents[1] / "inspections" / "typst" / "final_inspection.typ"
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)


def thirty_photos(*, runs: int = 7) -> dict[str, float]:
    """Return medians in seconds, size in MB, and the process's peak memory in MB.

    The photos are drawn at 12 megapixels and brought to print size first, as the files room does at
    upload; that step is measured apart and is no part of ``render_and_seal_s``.
    """
    prepare: list[float] = []
    photos: dict[str, bytes] = {}
    for sha256, data in ((sha, data) for sha, data in example.photos(count=30, size=(4000, 3000)).items()):
        begun = time.perf_counter()
        photos[sha256] = print_photo(data=data, name="bench").data
        prepare.append(time.perf_counter() - begun)
    key, certificate = make_certificate(common_name="Bench (demo)", now=NOW)
    record = example.record(language="both", shas=list(photos))
    render: list[float] = []
    seal: list[float] = []
    verify: list[float] = []
    sealed = b""
    for _run in range(runs + 1):  # the first warms up and is not counted
        begun = time.perf_counter()
        canonical = canonical_json(record=record)
        pdf = render_pdf(template=TEMPLATE, data=record, photos=photos, timestamp=NOW, attach_json=canonical)
        rendered = time.perf_counter()
        sealed = seal_pdf(pdf, key=key, cert=certificate, reason="Bench", when=NOW)
        done = time.perf_counter()
        examine(sealed, trusted_certs=[certificate])
        render.append(rendered - begun)
        seal.append(done - rendered)
        verify.append(time.perf_counter() - done)
    return {
        "prepare_one_photo_s": statistics.median(prepare),
        "render_s": statistics.median(render[1:]),
        "seal_s": statistics.median(seal[1:]),
        "render_and_seal_s": statistics.median(r + s for r, s in zip(render[1:], seal[1:], strict=True)),
        "verify_s": statistics.median(verify[1:]),
        "pdf_mb": len(sealed) / 1e6,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def unseen_reports(
    *, count: int, photos: int = 30, start: int = 0
) -> Iterator[tuple[dict[str, Any], dict[str, bytes]]]:
    """Records with photos of their own, in print size as they are kept since upload; no two photos are alike."""
    source = random.Random(start)  # noqa: S311 - pictures, no secrets
    for number in range(start, start + count):
        shown = {}
        for index in range(photos):
            sha = f"{number:032x}{index:032x}"
            shown[sha] = noisy_photo(source, index)
        yield example.record(language="both", shas=list(shown)), shown


def noisy_photo(source: random.Random, index: int) -> bytes:
    """A JPEG of 1400 × 1050 with as much detail as a photo of a garment, about 300 kB."""
    with Image.open(io.BytesIO(example.photo(index=index, size=(1400, 1050)))) as drawn:
        grain = Image.frombytes("L", (350, 262), source.randbytes(350 * 262)).resize(drawn.size)
        blended = Image.blend(drawn.convert("RGB"), grain.convert("RGB"), 0.12)
    sink = io.BytesIO()
    blended.save(sink, "JPEG", quality=80)
    return sink.getvalue()


def rendered_and_sealed(
    reports: Iterable[tuple[dict[str, Any], dict[str, bytes]]],
) -> Iterator[float]:
    """Seconds for each report: canonical record, layout, seal. The key is loaded once, as in a worker."""
    key, certificate = make_certificate(common_name="Bench (demo)", now=NOW)
    for record, photos in reports:
        begun = time.perf_counter()
        canonical = canonical_json(record=record)
        pdf = render_pdf(template=TEMPLATE, data=record, photos=photos, timestamp=NOW, attach_json=canonical)
        seal_pdf(pdf, key=key, cert=certificate, reason="Bench", when=NOW)
        yield time.perf_counter() - begun


def sealed_batch(*, count: int, photos: int, actor: Actor, now: datetime, start: int = 0) -> dict[str, float]:
    """Seal `count` reports through the service, in the open scope: seconds on the clock and of this
    process's processor, and memory in MB at the first and the last.

    A job seals one report in one transaction, so that workers wait for the counter only briefly: call it alike."""
    from goldseal.reports.services import seal_report
    from goldseal.reports.tests import kinds

    memory = []
    begun = time.perf_counter()
    spent = worked = 0.0
    for number, (record, shown) in enumerate(unseen_reports(count=count, photos=photos, start=start)):
        assert actor.workspace_id
        subject = kinds.held(actor.workspace_id)
        held = kinds.RECORDS.pop(subject)
        held.data.update({key: record[key] for key in ("photos", "defects")})
        held.photos = shown
        kinds.RECORDS[subject] = held
        since, worked_since = time.perf_counter(), time.process_time()
        version = seal_report(
            kind="test-inspection", subject_id=subject, language="both", actor=actor, now=now
        )
        spent += time.perf_counter() - since
        worked += time.process_time() - worked_since
        assert version.state == "sealed", version.failure
        del kinds.RECORDS[subject]
        if number in (0, count - 1):
            memory.append(_resident_mb())
    return {
        "seconds": spent,
        "processor_s": worked,
        "with_drawing_the_photos_s": time.perf_counter() - begun,
        "mb_early": memory[0],
        "mb_late": memory[-1],
    }


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def naughty_lines(lines: list[str]) -> Iterator[tuple[str, float, float]]:
    """Each line through every text field of each kind of record at once: schema, how many rendered, seconds."""
    from goldseal.reports.tests.filled import PAPERS, SHA, whole

    photo = {SHA: example.photo(index=0, size=(320, 240))}
    for model, template in PAPERS.items():
        begun, schema = time.perf_counter(), ""
        for line in lines:
            record = whole(model, itertools.repeat(line), "en")
            schema = record["schema"]
            photos = photo if record.get("photos") else {}
            render_pdf(template=template, data=record, photos=photos, timestamp=NOW, attach_json=b"{}")
        yield schema, float(len(lines)), time.perf_counter() - begun

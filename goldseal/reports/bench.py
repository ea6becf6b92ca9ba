"""Measure a report with 30 photos, rendered and sealed in a warm worker: time and peak memory."""

import resource
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.photos import print_photo
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.seal import make_certificate, seal_pdf
from goldseal.reports.engine.verify import examine
from goldseal.reports.tests import example

TEMPLATE = Path(__file__).resolve().parents[1] / "inspections" / "typst" / "final_inspection.typ"


def thirty_photos(*, runs: int = 7) -> dict[str, float]:
    """Return medians in seconds, size in MB, and the process's peak memory in MB.

    The photos are drawn at 12 megapixels and brought to print size first, as the files room does at
    upload; that step is measured apart and is no part of ``render_and_seal_s``.
    """
    now = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
    prepare: list[float] = []
    photos: dict[str, bytes] = {}
    for sha256, data in ((sha, data) for sha, data in example.photos(count=30, size=(4000, 3000)).items()):
        begun = time.perf_counter()
        photos[sha256] = print_photo(data=data, name="bench").data
        prepare.append(time.perf_counter() - begun)
    key, certificate = make_certificate(common_name="Bench (demo)", now=now)
    record = example.record(language="both", shas=list(photos))
    render: list[float] = []
    seal: list[float] = []
    verify: list[float] = []
    sealed = b""
    for _run in range(runs + 1):  # the first warms up and is not counted
        begun = time.perf_counter()
        canonical = canonical_json(record=record)
        pdf = render_pdf(template=TEMPLATE, data=record, photos=photos, timestamp=now, attach_json=canonical)
        rendered = time.perf_counter()
        sealed = seal_pdf(pdf, key=key, cert=certificate, reason="Bench", when=now)
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

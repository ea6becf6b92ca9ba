"""Export and erasure of a workspace that really worked: photos, sealed report, trail."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from goldseal.kit.actors import system_actor
from goldseal.ops.demo import demo_workspace, run_bundle
from goldseal.ops.sample.bundle import SAMPLE, load_bundle
from goldseal.privacy.services import begin_erasure, erase_workspace, export_workspace
from goldseal.reports.commands import verify
from tests.matrix.household import NOW


def test_the_export_holds_the_sealed_report_and_after_erasure_it_reads_withdrawn(
    committed_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run_bundle(load_bundle(SAMPLE), now=NOW)
    workspace = demo_workspace()
    assert workspace is not None
    sealed = result.pdf.read_bytes()
    paper = tmp_path / "report.pdf"
    paper.write_bytes(sealed)
    assert verify([str(paper)]) == 0

    sink = io.BytesIO()
    export_workspace(
        workspace_id=workspace.pk, sink=sink, actor=system_actor(workspace.pk, via="command"), now=NOW
    )
    archive = zipfile.ZipFile(io.BytesIO(sink.getvalue()))
    pdfs = [name for name in archive.namelist() if name.endswith("-v1.pdf")]
    assert len(pdfs) == 1
    assert hashlib.sha256(archive.read(pdfs[0])).digest() == hashlib.sha256(sealed).digest()
    # Evidence is JPEG; the drawn pictures of defects beside it are PNG.
    files = [name for name in archive.namelist() if name.startswith("files/files.Attachment/")]
    assert len([name for name in files if not name.endswith(".png")]) == 12
    record = json.loads(archive.read(pdfs[0].replace(".pdf", ".json")))
    assert record["verdict"]["overall"] == "pass"

    erasure = begin_erasure(kind="workspace", subject_id=workspace.pk, now=NOW)
    done = erase_workspace(erasure_id=erasure.pk, now=NOW)
    assert done.state == "done"
    assert demo_workspace() is None
    left = [
        path
        for path in Path(settings.FILES_FOLDER).rglob("*")
        if path.is_file() and str(workspace.pk) in str(path)
    ]
    assert left == []
    capsys.readouterr()
    assert verify([str(paper)]) == 1
    assert "withdrawn" in capsys.readouterr().out.lower()

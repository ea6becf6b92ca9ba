"""What a stranger is told: by token, by digest, by file, on the command line, and under a share link."""

import io
import json
import re
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from goldseal.kit.actors import system_actor
from goldseal.kit.ids import new_id
from goldseal.reports import services, vault
from goldseal.reports.commands import verify
from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.seal import make_certificate, seal_pdf
from goldseal.reports.models import ReportShare
from goldseal.reports.seal_services import open_seal
from goldseal.reports.tests import example, kinds
from goldseal.reports.tests.people import NOW, checked, pdf_of, sealed, shared
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import workspace_scope

pytestmark = [
    pytest.mark.django_db,
    # Where the styles were not collected, as in a checkout, the static files come from the finders.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


@pytest.fixture
def version(one, alice):
    made = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, made)
    return made


@pytest.fixture
def pdf(one, version):
    return pdf_of(one, version)


def seal_of(workspace: Workspace) -> vault.Seal:
    """The key and certificate by which a workspace seals."""
    with workspace_scope(workspace.pk):
        return open_seal(actor=system_actor(workspace.pk), now=NOW)


def updated(pdf: bytes, _one: object = None) -> bytes:
    """The PDF with an incremental update appended that touches nothing visible."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Note"] = writer.add_object(writer.root["/Type"])
    writer.update_root()
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def resealed(pdf: bytes, one: Workspace) -> bytes:
    """Another record sealed by our own stolen key: no row knows it."""
    seal = seal_of(one)
    data = example.record()
    plain = render_pdf(
        template=kinds.TEMPLATE, data=data, photos={}, timestamp=NOW, attach_json=b"{}", sealed=True
    )
    return seal_pdf(plain, key=seal.key, cert=seal.certificate, reason="x", when=NOW)


def by_stranger(pdf: bytes, _one: object) -> bytes:
    """A record sealed by somebody who uses our name."""
    key, certificate = make_certificate(common_name="Goldseal", now=NOW)
    plain = render_pdf(
        template=kinds.TEMPLATE,
        data=example.record(),
        photos={},
        timestamp=NOW,
        attach_json=b"{}",
        sealed=True,
    )
    return seal_pdf(plain, key=key, cert=certificate, reason="x", when=NOW)


TAMPERED = [
    (lambda pdf, _one: pdf, "valid"),
    (updated, "altered"),
    (lambda pdf, _one: pdf + b"\n", "altered"),
    (lambda pdf, _one: pdf[:4000] + bytes([pdf[4000] ^ 1]) + pdf[4001:], "altered"),
    (lambda pdf, _one: pdf[:-40], "altered"),
    (lambda pdf, _one: pdf[: len(pdf) // 2], "unknown"),  # cut before the seal: nothing of it is left
    (resealed, "unknown"),
    (by_stranger, "unknown"),
    (lambda pdf, _one: b"%PDF-1.7\nnothing", "unknown"),
    (lambda pdf, _one: b"GIF89a", "unknown"),
]


def answer_in(response) -> str:
    [found] = re.findall(r'class="card answer answer-(\w+)"', response.content.decode())
    return found


@pytest.mark.parametrize(("tamper", "answer"), TAMPERED)
def test_uploaded_file_gets_its_answer(client, one, pdf, tamper, answer) -> None:
    file = SimpleUploadedFile("anything.pdf", tamper(pdf, one), content_type="application/pdf")
    response = client.post("/verify/", {"file": file})
    assert (response.status_code, answer_in(response)) == (200, answer)
    assert response["X-Robots-Tag"].startswith("noindex")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("tamper", "answer"), TAMPERED)
def test_command_line_gives_the_same_answer(tmp_path, capsys, one, pdf, tamper, answer) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(tamper(pdf, one))
    assert verify([str(file)]) == (0 if answer == "valid" else 1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(answer.upper())
    verify([str(file), "--json"])
    assert json.loads(capsys.readouterr().out)["answer"] == answer


def test_command_line_says_what_cannot_be_read(tmp_path, capsys) -> None:
    assert verify([str(tmp_path / "missing.pdf")]) == 2
    assert "missing.pdf cannot be read" in capsys.readouterr().err


def test_seal_of_ours_without_a_record_says_so(tmp_path, capsys, one, pdf, version) -> None:
    # The same installation key, a database that does not know the report: the row's digests are others.
    seal = seal_of(one)
    record = {**example.record(), "report": {**example.record()["report"], "number": "GS-2026-000099"}}
    plain = render_pdf(
        template=kinds.TEMPLATE,
        data=record,
        photos={},
        timestamp=NOW,
        attach_json=canonical_json(record=record),
    )
    file = tmp_path / "other.pdf"
    file.write_bytes(seal_pdf(plain, key=seal.key, cert=seal.certificate, reason="x", when=NOW))
    assert verify([str(file)]) == 1
    assert (
        "the seal is ours and holds, but no report with these bytes is on record" in capsys.readouterr().out
    )


def test_every_state_by_token_digest_and_file(client, one, alice, tmp_path, capsys) -> None:
    subject = kinds.held(one.pk)
    first = sealed(one, alice, subject)
    checked(one, alice, first)
    file = tmp_path / "first.pdf"
    file.write_bytes(pdf_of(one, first))

    def answers() -> list[str]:
        verify([str(file), "--json"])
        return [
            answer_in(client.get(f"/verify/{first.token}")),
            answer_in(client.post("/verify/?fragment", {"sha256": first.file_hash})),
            answer_in(client.post("/verify/?fragment", {"sha256": first.file_hash.upper()})),
            json.loads(capsys.readouterr().out)["answer"],
        ]

    assert answers() == ["valid"] * 4
    second = sealed(one, alice, subject, now=NOW + timedelta(hours=1))
    assert answers() == ["valid"] * 4
    checked(one, alice, second)
    assert answers() == ["superseded"] * 4
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=first.pk, reason="Wrong lot.", actor=alice, now=NOW)
    assert answers() == ["withdrawn"] * 4


def test_queued_version_is_unknown(client, one, alice) -> None:
    with workspace_scope(one.pk):
        version = services.request_report(
            kind="test-inspection", subject_id=kinds.held(one.pk), language="en", actor=alice, now=NOW
        )
    assert answer_in(client.get(f"/verify/{version.token}")) == "unknown"


def test_names_and_verdict_only_once_somebody_outside_may_have_it(client, one, alice, version) -> None:
    private = client.get(f"/verify/{version.token}").content.decode()
    assert "GS-2026-000001" in private
    assert "alice sweaters" in private
    assert "Inspector One" not in private
    assert "verdict-pass" not in private
    shared(one, alice, version)
    public = client.get(f"/verify/{version.token}").content.decode()
    assert "Inspector One" in public
    assert "verdict-pass" in public
    # A guest of the buyer got it without any link.
    shown = sealed(one, alice, kinds.held(one.pk, buyer_id=new_id()))
    assert "verdict-pass" not in client.get(f"/verify/{shown.token}").content.decode()
    checked(one, alice, shown)
    assert "verdict-pass" in client.get(f"/verify/{shown.token}").content.decode()


def test_unknown_and_malformed_digests_answer_with_the_same_bytes(client, one, alice, version) -> None:
    asked = ["0" * 64, "f" * 64, "xyz", "'; DROP TABLE", "\x00", version.content_hash]
    answers = {client.post("/verify/", {"sha256": digest}).content for digest in asked}
    plain = {_without_marks(answer) for answer in answers}
    assert len(plain) == 1
    fragments = {client.post("/verify/?fragment", {"sha256": digest}).content for digest in asked}
    assert len(fragments) == 1


def _without_marks(page: bytes) -> bytes:
    """The page without its one-time form mark and its own address."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)
    return re.sub(rb'name="next" value="[^"]*"', b"", page)


def test_unknown_and_malformed_tokens_answer_alike(client, version) -> None:
    asked = ["A" * 24, "B" * 24, "x", "%00", "A" * 300, version.token[:-1], version.token.swapcase()]
    answers = {_without_marks(client.get(f"/verify/{token}").content) for token in asked}
    assert len(answers) == 1
    assert answer_in(client.get(f"/verify/{'A' * 24}")) == "unknown"


def test_after_erasure_the_paper_reads_withdrawn(client, one, alice, version, pdf) -> None:
    services.bury_reports(one.pk, NOW)
    with workspace_scope(one.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(one.pk)])
        for table in ("presharecheck", "reportshare", "reportversion", "report", "reportcounter"):
            cursor.execute(f"DELETE FROM reports_{table}")
    page = client.get(f"/verify/{version.token}")
    assert answer_in(page) == "withdrawn"
    assert "erased on" in page.content.decode()
    assert "alice" not in page.content.decode()
    file = SimpleUploadedFile("a.pdf", pdf, content_type="application/pdf")
    assert answer_in(client.post("/verify/", {"file": file})) == "withdrawn"


def test_certificate_is_public(client, version) -> None:
    found = client.get(f"/verify/certificates/{version.certificate}.pem")
    assert b"PRIVATE" not in found.content
    assert x509.load_pem_x509_certificate(found.content).fingerprint(SHA256()).hex() == version.certificate


def test_too_large_is_refused_before_it_is_read(client) -> None:
    response = client.post(
        "/verify/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * (21 * 1024 * 1024))}
    )
    assert response.status_code == 413


def test_no_file_is_said_at_the_form(client) -> None:
    response = client.post("/verify/", {})
    assert response.status_code == 422
    assert "Choose a PDF file first." in response.content.decode()


def test_too_many_questions_are_refused(client) -> None:
    statuses = [client.post("/verify/?fragment", {"sha256": "0" * 64}).status_code for _ in range(62)]
    assert statuses[:60] == [200] * 60
    assert 429 in statuses


def test_shared_page_shows_the_report_and_takes_the_answer(client, one, alice, version) -> None:
    secret = shared(one, alice, version)
    page = client.get(f"/shared/{secret}/")
    assert page.status_code == 200
    assert "verdict-pass" in page.content.decode()
    pdf = client.get(f"/shared/{secret}/report.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'attachment; filename="GS-2026-000001-v1.pdf"'
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert pdf["Content-Security-Policy"] == "default-src 'none'; sandbox"
    wrong = client.post(f"/shared/{secret}/answer/", {"name": "x", "kind": "acknowledge"})
    assert wrong.status_code == 422
    assert "Enter your name" in wrong.content.decode()
    given = {"name": "Buyer One", "kind": "acknowledge"}
    assert client.post(f"/shared/{secret}/answer/", given).status_code == 302
    page = client.get(f"/shared/{secret}/").content.decode()
    assert "buyer-answer-acknowledge" in page
    assert "Buyer One" in page
    again = client.post(f"/shared/{secret}/answer/", given)
    assert (again.status_code, "acknowledged already" in again.content.decode()) == (422, True)


def test_ended_expired_and_unknown_links_answer_with_the_same_bytes(client, one, alice, version) -> None:
    ended, expired = shared(one, alice, version), shared(one, alice, version)
    with workspace_scope(one.pk):
        rows = list(ReportShare.objects.order_by("created_at", "pk"))
        services.revoke_share(share_id=rows[0].pk, actor=alice, now=NOW)
        ReportShare.objects.filter(pk=rows[1].pk).update(expires_at=NOW - timedelta(days=400))
    for tail in ("", "report.pdf"):
        answers = [client.get(f"/shared/{secret}/{tail}") for secret in (ended, expired, "A" * 43, "x")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


def test_withdrawn_report_under_its_link_says_so_and_gives_no_file(client, one, alice, version) -> None:
    secret = shared(one, alice, version)
    with workspace_scope(one.pk):
        services.withdraw_report(
            version_id=version.pk, reason="Wrong lot.", actor=system_actor(one.pk), now=NOW
        )
    assert "Wrong lot." in client.get(f"/shared/{secret}/").content.decode()
    assert client.get(f"/shared/{secret}/report.pdf").status_code == 409


def test_the_shared_page_lets_the_browser_name_its_origin(client) -> None:
    """`no-referrer` makes a browser post `Origin: null`, which the acknowledgement would refuse."""
    response = client.get("/shared/" + "x" * 43 + "/")
    assert response.headers.get("Referrer-Policy", "") in ("same-origin", "strict-origin-when-cross-origin")

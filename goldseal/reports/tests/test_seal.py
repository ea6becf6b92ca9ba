"""Sealing and examining: every tamper operation on a PDF has its exact answer."""

import asyncio
import io
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from goldseal.reports.engine import verify
from goldseal.reports.engine.canonical import canonical_json, content_hash
from goldseal.reports.engine.isolated import examine_isolated
from goldseal.reports.engine.seal import SealError, make_certificate, seal_pdf
from goldseal.reports.engine.verify import Kind, Reason, examine
from goldseal.reports.tests import example
from goldseal.reports.tests.conftest import NOW

OFFICE = Path(__file__).resolve().parents[4] / "shared" / "data" / "office"


@pytest.fixture
def look(keys):
    """Examine with our certificate trusted."""
    return lambda pdf: examine(pdf, trusted_certs=[keys[1]])


def rewrite(pdf: bytes, change) -> bytes:
    """Open, change and save a PDF as an editor would."""
    sink = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(sink)
    return sink.getvalue()


def append(pdf: bytes, change) -> bytes:
    """Append an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def test_sealed_report_is_intact(sealed, look):
    answer = look(sealed)
    record = example.record(shas=list(example.photos(count=3, size=(640, 480))))
    assert answer.kind is Kind.INTACT
    assert answer.reasons == (Reason.SEAL_HOLDS,)
    assert answer.record == record
    assert answer.content_hash == content_hash(canonical=canonical_json(record=record))
    assert (answer.claimed_number, answer.claimed_version) == ("FIN-2026-000147", 1)
    assert answer.signer == "Shapla Sweaters Ltd (demo)"
    assert answer.sealed_at == NOW


def test_an_independent_reader_agrees(sealed, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(sealed)
    try:
        done = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("pdfsig is not installed")
    assert "Signature is Valid." in done.stdout
    assert "ETSI.CAdES.detached" in done.stdout
    assert "Total document signed" in done.stdout


def test_seal_keeps_the_standards(rendered, sealed):
    with pikepdf.open(io.BytesIO(rendered)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        (field,) = after.Root.AcroForm.Fields
        assert int(field.F) & 4  # PDF/A-3 §6.3.2: printed, not hidden
        assert not int(field.F) & (1 | 2 | 32)
        assert all(float(x) < 0 for x in field.Rect)  # PDF/UA-1 §7.18: outside the page, so untagged
        assert field.P.Tabs == "/S"
        assert after.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
        assert len(after.pages) == len(before.pages)


def test_certificate_is_rsa_3072(keys):
    done = subprocess.run(
        ["openssl", "x509", "-noout", "-text"], input=keys[1], capture_output=True, check=False
    )
    text = done.stdout.decode()
    assert "Public-Key: (3072 bit)" in text
    assert "Digital Signature, Non Repudiation" in text
    assert "CA:FALSE" in text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_flipped_bit_is_altered(sealed, look, data):
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, 7))
    broken = bytearray(sealed)
    broken[place] ^= 1 << bit
    answer = look(bytes(broken))
    # Without its first bytes a file is no PDF at all; everything else was ours and is changed.
    assert answer.kind is Kind.ALTERED or (place < 5 and answer.reasons == (Reason.NOT_A_PDF,))
    assert answer.record is None


def test_no_digit_of_the_seal_itself_can_change(sealed, look):
    gap = re.search(rb"/Contents <([0-9A-F]+)>", sealed)
    assert gap is not None
    start, end = gap.span(1)
    # The first 120 digits hold CMS's unsigned outer fields; then samples through the rest and the padding.
    for place in [*range(start, start + 120), *range(start + 120, end, 97)]:
        broken = bytearray(sealed)
        broken[place] = ord("1") if sealed[place : place + 1] == b"0" else ord("0")
        assert look(bytes(broken)).kind is Kind.ALTERED, place - start
    lower_case = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    assert look(lower_case).kind is Kind.ALTERED


@pytest.mark.parametrize("tail", [b"\n", b"x", b"%%EOF\n", b"\0" * 4000])
def test_appended_bytes(sealed, look, tail):
    assert look(sealed + tail).kind is Kind.ALTERED


def test_incremental_update(sealed, look):
    def change(writer):
        writer.root["/PageMode"] = generic.NameObject("/UseOutlines")
        writer.update_root()

    answer = look(append(sealed, change))
    assert answer.kind is Kind.ALTERED
    assert answer.reasons == (Reason.ADDED_AFTER_SEAL,)
    assert answer.content_hash is None  # nothing of an altered file is vouched for
    assert answer.claimed_number == "FIN-2026-000147"


def test_page_turned_and_covered_by_an_annotation(sealed, look):
    def change(writer):
        reference = writer.root["/Pages"]["/Kids"].raw_get(0)
        reference.get_object()["/Rotate"] = generic.NumberObject(90)
        cover = generic.DictionaryObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/Annot"),
                generic.NameObject("/Subtype"): generic.NameObject("/Square"),
                generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200))),
            }
        )
        writer.register_annotation(reference, writer.add_object(cover))
        writer.mark_update(reference.reference)

    assert look(append(sealed, change)).kind is Kind.ALTERED


def test_appended_page(sealed, look):
    answer = look(rewrite(sealed, lambda pdf: pdf.add_blank_page()))
    assert answer.kind is Kind.ALTERED
    assert Reason.BYTES_CHANGED in answer.reasons


def test_changed_attachment(sealed, look):
    def change(pdf):
        pdf.attachments["record.json"] = pikepdf.AttachedFileSpec(pdf, b'{"report":{"number":"FIN-1"}}')

    answer = look(rewrite(sealed, change))
    assert answer.kind is Kind.ALTERED
    assert answer.record is None


def test_attachment_changed_by_update(sealed, look):
    def change(writer):
        spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        stream = spec["/EF"].raw_get("/F")
        stream.get_object()._data = b"{}"
        stream.get_object()._encoded_data = None
        writer.mark_update(stream.reference)

    assert look(append(sealed, change)).kind is Kind.ALTERED


def test_saved_anew_without_a_visible_change(sealed, look):
    assert look(rewrite(sealed, lambda pdf: None)).kind is Kind.ALTERED


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
def test_signature_field_removed(sealed, look):
    def change(pdf):
        del pdf.Root.AcroForm
        del pdf.Root.Perms

    answer = look(rewrite(sealed, change))
    assert answer.kind is Kind.ALTERED
    assert answer.reasons == (Reason.SEAL_DAMAGED,)


def test_seal_copied_to_another_report(sealed, render, keys, look):
    other = render(example.record(verdict="pass"))
    own = seal_pdf(other, key=keys[0], cert=keys[1], reason="Sealed report", when=NOW)
    here = re.search(rb"/Contents <([0-9A-F]+)>", sealed)
    there = re.search(rb"/Contents <([0-9A-F]+)>", own)
    assert here is not None
    assert there is not None
    moved = own[: there.start(1)] + here.group(1) + own[there.end(1) :]
    answer = look(moved)
    assert answer.kind is Kind.ALTERED
    assert Reason.BYTES_CHANGED in answer.reasons


def test_sealed_again_by_a_stranger_of_the_same_name(rendered, foreign_keys, look):
    key, certificate = foreign_keys
    answer = look(seal_pdf(rendered, key=key, cert=certificate, reason="Sealed report", when=NOW))
    assert answer.kind is Kind.FOREIGN
    assert answer.reasons == (Reason.UNKNOWN_SIGNER,)
    assert answer.record is None


def test_second_signature_on_top(sealed, foreign_keys, look):
    key, certificate = foreign_keys
    with pytest.raises(SealError, match="carries a signature already"):
        seal_pdf(sealed, key=key, cert=certificate, reason="Me too", when=NOW)


def test_older_version_is_still_intact_and_says_its_version(render, keys, look):
    # Whether a newer version exists is for the server to say; the file itself is intact.
    record = example.record()
    record["report"]["version"] = 2
    sealed = seal_pdf(render(record), key=keys[0], cert=keys[1], reason="Sealed report", when=NOW)
    assert (look(sealed).kind, look(sealed).claimed_version) == (Kind.INTACT, 2)


def test_unsealed_render_is_unsigned(rendered, look):
    answer = look(rendered)
    assert answer.kind is Kind.UNSIGNED
    assert answer.reasons == (Reason.NO_SEAL,)


def test_certificate_out_of_date_when_sealing(rendered, keys, look):
    late = seal_pdf(rendered, key=keys[0], cert=keys[1], reason="Late", when=NOW + timedelta(days=365 * 21))
    answer = look(late)
    assert answer.kind is Kind.ALTERED
    assert Reason.CERTIFICATE_REFUSED in answer.reasons


def test_without_any_trusted_certificate(sealed):
    assert examine(sealed, trusted_certs=[]).kind is Kind.FOREIGN


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", Kind.UNSIGNED, Reason.NOT_A_PDF),
        (b"hello", Kind.UNSIGNED, Reason.NOT_A_PDF),
        (b"%PDF-1.7\ngarbage", Kind.UNSIGNED, Reason.UNREADABLE),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3]", Kind.ALTERED, Reason.UNREADABLE),
        (b"%PDF-1.7\n" + b"[" * 100_000, Kind.UNSIGNED, Reason.UNREADABLE),
        (b"%PDF-1.7\n" + b"0" * verify.MAX_BYTES, Kind.UNSIGNED, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_report(look, data, kind, reason):
    answer = look(data)
    assert (answer.kind, answer.reasons) == (kind, (reason,))
    assert answer.explanation.endswith(".")


def test_truncated_report_never_passes(sealed, look):
    for share in (0.1, 0.5, 0.9, 0.99):
        assert look(sealed[: int(len(sealed) * share)]).kind in (Kind.ALTERED, Kind.UNSIGNED)
    assert look(sealed[:-1]).kind is Kind.ALTERED


def test_encrypted_copy(rendered, look):
    sink = io.BytesIO()
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        pdf.save(sink, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert look(sink.getvalue()).reasons == (Reason.ENCRYPTED,)


def test_too_many_pages(look):
    sink = io.BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(verify.MAX_PAGES + 1):
            pdf.add_blank_page()
        pdf.save(sink)
    assert look(sink.getvalue()).reasons == (Reason.TOO_MANY_PAGES,)


def test_real_broken_and_encrypted_files_get_an_answer(look):
    if not OFFICE.exists():
        pytest.skip("../shared/data is absent")
    files = [path for path in OFFICE.rglob("*") if path.is_file()]
    assert files
    for path in files:
        answer = look(path.read_bytes())
        assert answer.kind in (Kind.UNSIGNED, Kind.FOREIGN), path.name
        assert answer.explanation


def test_isolated_answers_the_same(sealed, keys):
    assert examine_isolated(sealed, trusted_certs=[keys[1]]) == examine(sealed, trusted_certs=[keys[1]])
    assert examine_isolated(b"%PDF-1.7 x", trusted_certs=[keys[1]]).reasons == (Reason.UNREADABLE,)


def test_isolated_survives_what_exhausts_the_child(sealed, keys, monkeypatch):
    monkeypatch.setattr("goldseal.reports.engine.isolated.MARGIN", 0)
    answer = examine_isolated(sealed, trusted_certs=[keys[1]], seconds=0)
    assert (answer.kind, answer.reasons) == (Kind.ALTERED, (Reason.UNREADABLE,))


async def _examine_in_loop(sealed):
    return examine(sealed, trusted_certs=[])


def test_event_loop_is_refused(sealed):
    with pytest.raises(RuntimeError, match="in a thread"):
        asyncio.run(_examine_in_loop(sealed))


def test_what_could_not_be_verified_is_not_sealed(rendered, keys):
    sink = io.BytesIO()
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        pdf.Root.Padding = pikepdf.Stream(pdf, os.urandom(verify.MAX_BYTES))
        pdf.save(sink)
    with pytest.raises(SealError, match="at most 20 MB can be verified later"):
        seal_pdf(sink.getvalue(), key=keys[0], cert=keys[1], reason="x", when=NOW)


def test_seal_refusals(rendered, keys, foreign_keys):
    key, certificate = keys
    with pytest.raises(SealError, match="do not belong together"):
        seal_pdf(rendered, key=foreign_keys[0], cert=certificate, reason="x", when=NOW)
    with pytest.raises(SealError, match="time zone"):
        seal_pdf(rendered, key=key, cert=certificate, reason="x", when=NOW.replace(tzinfo=None))
    with pytest.raises(SealError, match="could not be sealed"):
        seal_pdf(b"%PDF-1.7 nothing", key=key, cert=certificate, reason="x", when=NOW)
    with pytest.raises(SealError, match="PEM"):
        seal_pdf(rendered, key=b"no key", cert=certificate, reason="x", when=NOW)
    with pytest.raises(ValueError, match="1 to 64"):
        make_certificate(common_name="", now=datetime(2026, 1, 1, tzinfo=UTC))

"""The single-file verifier, opened from a disk in a real browser without a network: the same word as the server's."""

from pathlib import Path

import pytest

from goldseal.reports import selectors
from goldseal.reports.engine.verify import examine
from goldseal.reports.seal_services import open_seal
from goldseal.reports.services import revoke_seal, rotate_seal
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, founded, pdf_of, sealed
from goldseal.reports.tests.test_public import by_stranger, resealed, updated
from goldseal.workspaces.services import workspace_scope
from tests.browser import chromium

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def flipped(pdf: bytes, at: int) -> bytes:
    """One bit changed."""
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def in_the_seal(pdf: bytes, *, offset: int) -> bytes:
    """One digit of the seal's own container changed."""
    at = pdf.index(b"/Contents <") + len(b"/Contents <") + offset
    digit = b"0" if pdf[at : at + 1] != b"0" else b"1"
    return pdf[:at] + digit + pdf[at + 1 :]


def lower_case(pdf: bytes) -> bytes:
    """The same seal written in other letters."""
    at = pdf.index(b"/Contents <") + len(b"/Contents <")
    return pdf[:at] + pdf[at : at + 400].lower() + pdf[at + 400 :]


def test_offline_verifier_answers_as_the_server_does(client, tmp_path: Path) -> None:
    one = founded("alice")
    alice = actor(one, "alice")
    version = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, version)
    pdf = pdf_of(one, version)
    with workspace_scope(one.pk):
        open_seal(actor=alice, now=NOW)
        rotate_seal(actor=alice, now=NOW)
    other = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, other)
    page = client.get(f"/verify/{version.token}/offline.html")
    assert page.status_code == 200
    assert page["Content-Disposition"].startswith("attachment")
    assert client.get("/verify/" + "x" * 24 + "/offline.html").status_code == 404
    (tmp_path / "verifier.html").write_bytes(page.content)
    cases = {
        "as sealed": pdf,
        "with the newer key": pdf_of(one, other),
        "incremental update": updated(pdf),
        "a byte more": pdf + b"\n",
        "a bit in the page": flipped(pdf, 4000),
        "a bit near the end": flipped(pdf, len(pdf) - 700),
        "cut short": pdf[:-40],
        "cut in half": pdf[: len(pdf) // 2],
        "our key, another record": resealed(pdf, one),
        "somebody else's key": by_stranger(pdf, None),
        "the seal's version": in_the_seal(pdf, offset=45),
        "the seal's digest kind": in_the_seal(pdf, offset=70),
        "the seal's padding": in_the_seal(pdf, offset=9000),
        "the seal in lower case": lower_case(pdf),
        "no PDF": b"GIF89a" + b"0" * 2000,
        "an empty PDF": b"%PDF-1.7\nnothing",
    }
    # A record sealed with our own key passes here, and only the server knows that it never issued it.
    expected = {
        name: examine(content, trusted_certs=selectors.certificates_of).kind.value
        for name, content in cases.items()
    }
    with workspace_scope(one.pk):
        seal = selectors.seals().get(fingerprint=version.certificate)
        revoke_seal(seal_id=seal.pk, reason="The laptop was stolen.", actor=alice, now=NOW)
    (tmp_path / "later.html").write_bytes(client.get(f"/verify/{version.token}/offline.html").content)
    with chromium() as browser:
        context = browser.new_context(offline=True)
        tab = context.new_page()
        tab.goto((tmp_path / "verifier.html").as_uri())
        answers = {}
        for name, content in cases.items():
            file = tmp_path / "report.pdf"
            file.write_bytes(content)
            tab.set_input_files("#file", [])
            tab.evaluate("document.querySelector('#answer').replaceChildren()")
            tab.set_input_files("#file", file)
            tab.wait_for_selector("#answer .head, #answer .failed")
            answers[name] = tab.get_attribute("#answer .head", "class").removeprefix("head ")
            if name == "as sealed":
                text = tab.inner_text("#answer")
                assert version.report.number in text
                assert version.content_hash in text
                assert version.certificate in text
                tab.click("#language")
                assert "সিল ঠিক আছে" in tab.inner_text("#answer")
                tab.click("#language")
        assert answers == expected
        (tmp_path / "report.pdf").write_bytes(pdf)
        tab.goto((tmp_path / "later.html").as_uri())
        tab.set_input_files("#file", tmp_path / "report.pdf")
        tab.wait_for_selector("#answer .head")
        assert "was revoked" in tab.inner_text("#answer")

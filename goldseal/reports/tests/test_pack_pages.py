"""Packs by page: taken, edited with problems by line, previewed, chosen for a buyer, kept by the sealed report."""

import io
import json
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import Error
from django.test import Client

from goldseal.catalog.services import create_buyer
from goldseal.kit.errors import Forbidden
from goldseal.kit.permissions import Role
from goldseal.reports import pack_services, services
from goldseal.reports.models import PackChoice, ReportPack, ReportVersion
from goldseal.reports.pack_selectors import pack_of_version, pack_row
from goldseal.reports.packs.problems import PackError
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, founded, member, pdf_of, sealed
from goldseal.reports.tests.test_packs_hostile import broken_pixels, logo
from goldseal.reports.tests.test_pages import signed_in
from goldseal.workspaces.services import workspace_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(one, alice):
    with workspace_scope(one.pk):
        return create_buyer(values={"code": "NORTH", "name": "Northfold"}, actor=alice, now=NOW)


@pytest.fixture
def packs(one):
    return f"{one.get_absolute_url()}reports/packs/"


def taken(client: Client, packs: str, code: str) -> str:
    """A shipped pack taken over; its page."""
    answer = client.post(f"{packs}take/", {"code": code})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_take_edit_see_and_choose(client: Client, one: Any, alice: Any, buyer: Any, packs: str) -> None:
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer.pk))
    before = version.content_hash
    signed_in(client, "alice")
    assert "Plain final" in client.get(packs).content.decode()
    page = taken(client, packs, "plain-final")
    with workspace_scope(one.pk):
        source = pack_row("plain-final").source
    wrong = source.replace("[labels.factory]", "[labels.factry]")
    line = 1 + wrong[: wrong.index("[labels.factry]")].count("\n")
    refused = client.post(page, {"source": wrong, "do": "save"})
    assert refused.status_code == 422
    said = f"Line {line}: labels.factry: the form has no field factry; did you mean factory?"
    assert said in refused.content.decode()

    edited = source.replace("Manufacturing unit", "Works")
    seen = client.post(page, {"source": edited, "do": "pdf", "report": str(version.pk)})
    assert seen.content.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(seen.content)) as pdf:
        assert not list(pdf.attachments)  # a preview proves nothing
    sheet = client.post(page, {"source": edited, "do": "xlsx", "report": str(version.pk)})
    words = [c.value for row in openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0] for c in row]
    assert "Works" in words
    nothing = client.post(page, {"source": edited, "do": "pdf", "report": "x"})
    assert "Choose a report to see it in this pack." in nothing.content.decode()

    assert client.post(page, {"source": edited, "do": "save"}).status_code == 302
    assert (
        client.post(page, {"source": edited, "do": "save"}).status_code == 302
    )  # the same twice is kept once
    client.post(f"{packs}buyer/", {"buyer": str(buyer.pk), "code": "plain-final"})
    with workspace_scope(one.pk):
        rows = list(ReportPack.objects.order_by("version").values_list("version", "is_current"))
        assert rows == [(1, False), (2, True)]
        assert PackChoice.objects.get().code == "plain-final"

    again = sealed(one, alice, version.report.subject_id)
    assert (again.pack_code, again.pack_version, again.version) == ("plain-final", 2, 2)
    with workspace_scope(one.pk):
        kept = pack_of_version(ReportVersion.objects.get(pk=again.pk))
        assert kept
        assert kept.digest == again.pack_hash
    checked(one, alice, again)
    with pikepdf.open(io.BytesIO(pdf_of(one, again))) as pdf:
        embedded = json.loads(pdf.attachments["pack.json"].get_file().read_bytes())
    assert embedded["manifest"]["labels"]["factory"]["en"] == "Works"
    assert before != again.content_hash  # a new version; the pack itself is not in the record
    assert "plain-final" not in json.dumps(again.summary)


def test_the_record_and_its_hash_do_not_depend_on_the_pack(one: Any, alice: Any, buyer: Any) -> None:
    """The same inspection sealed in two workspaces' words: only what names the report itself differs."""
    from goldseal.reports.drafting import kept_record

    subject = kinds.held(one.pk, buyer_id=buyer.pk)
    plain = sealed(one, alice, subject)
    with workspace_scope(one.pk):
        pack_services.take_shipped(code="plain-final", actor=alice, now=NOW)
        pack_services.choose_pack(compartment_id=buyer.pk, code="plain-final", actor=alice, now=NOW)
    packed = sealed(one, alice, subject)
    with workspace_scope(one.pk):
        first, second = kept_record(plain), kept_record(packed)
    assert {**first, "report": 0} == {**second, "report": 0}
    assert first["report"]["language"] == second["report"]["language"] == "en"


def test_a_version_sealed_by_a_pack_that_is_refused_today_still_opens(
    one: Any, alice: Any, buyer: Any, monkeypatch: Any
) -> None:
    with workspace_scope(one.pk):
        pack_services.take_shipped(code="plain-final", actor=alice, now=NOW)
        pack_services.choose_pack(compartment_id=buyer.pk, code="plain-final", actor=alice, now=NOW)
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer.pk))
    checked(one, alice, version)

    def stricter(**_kept: Any) -> None:
        raise PackError([])

    monkeypatch.setattr("goldseal.reports.pack_selectors.make_pack", stricter)
    with workspace_scope(one.pk):
        for form in ("pdf", "xlsx"):
            found = services.download_report(version_id=version.pk, form=form, actor=alice, now=NOW)
            assert found.name == f"{version.report.number}-v1.{form}"


def test_zip_out_and_in_and_who_may(client: Client, one: Any, alice: Any, packs: str) -> None:
    signed_in(client, "alice")
    taken(client, packs, "exchange")
    archive = client.get(f"{packs}exchange/1/zip/").content
    same = client.post(f"{packs}upload/", {"file": SimpleUploadedFile("a.zip", archive)})
    assert same.status_code == 302
    bad = client.post(f"{packs}upload/", {"file": SimpleUploadedFile("a.zip", b"nonsense")})
    assert bad.status_code == 422
    assert "This file is no ZIP that can be read." in bad.content.decode()
    with workspace_scope(one.pk):
        assert ReportPack.objects.count() == 1
    assert client.get(f"{packs}nothing/").status_code == 404
    member(one, "bob", Role.INSPECTOR)
    signed_in(client, "bob")
    assert client.get(packs).status_code == 403
    founded("charlie")
    signed_in(client, "charlie")
    assert client.get(f"{packs}exchange/").status_code == 404


@pytest.mark.parametrize("code", ["plain-final", "no-such-pack"])
def test_who_may_not_take_packs_does_not_learn_which_there_are(one: Any, alice: Any, code: str) -> None:
    with workspace_scope(one.pk):
        pack_services.take_shipped(code="plain-final", actor=alice, now=NOW)
    with workspace_scope(one.pk), pytest.raises(Forbidden):
        pack_services.take_shipped(code=code, actor=actor(one, "bob", Role.INSPECTOR), now=NOW)


def test_hostile_manifests_by_page_are_refused(client: Client, packs: str) -> None:
    signed_in(client, "alice")
    page = taken(client, packs, "plain-final")
    many = "".join(f"unknown{number} = 1\n" for number in range(1_000))
    for source, said in (
        (f'name = "N"\ncode = "plain-final"\n{many}', "Problems besides these: 980."),
        ('name = "a\\u0000b"\ncode = "plain-final"', "Line 1: name: A text holds no control characters"),
        ("name=" + "9" * 5_000, "Line 1: A line has at most 2000 letters"),
    ):
        answer = client.post(page, {"source": source, "do": "save"})
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_a_version_of_a_pack_never_changes(one: Any, alice: Any) -> None:
    with workspace_scope(one.pk):
        row = pack_services.take_shipped(code="exchange", actor=alice, now=NOW)
        with pytest.raises(Error, match="never changes"), transaction.atomic():
            ReportPack.objects.filter(pk=row.pk).update(source="name = 1")


def test_problems_and_warnings_are_bangla_on_a_bangla_page(client: Client, packs: str) -> None:
    signed_in(client, "alice")
    page = taken(client, packs, "plain-final")
    client.cookies["language"] = "bn"
    wrong = 'name = "N"\ncode = "plain-final"\nlangauge = "bn"\n[[extra]]\nen = "A"\npath = "header.stile"'
    body = client.post(page, {"source": wrong, "do": "save"}).content.decode()
    assert "লাইন ৩: langauge: এমন কোনো ঘর নেই; আপনি কি language বোঝাতে চেয়েছেন?" in body
    assert "লাইন ৬: extra[0].path: সেখানে stile নামে কোনো ঘর নেই" in body
    assert "file_name-এ {number} বা {version} নেই" not in body
    loose = 'name = "N"\ncode = "plain-final"\nfile_name = "{po}"'
    assert client.post(page, {"source": loose, "do": "save"}).status_code == 302
    assert "file_name-এ {number} বা {version} নেই" in client.get(page).content.decode()


def test_logo_is_made_safe_before_it_is_kept(client: Client, one: Any, packs: str) -> None:
    signed_in(client, "alice")
    page = taken(client, packs, "plain-final")
    with workspace_scope(one.pk):
        source = pack_row("plain-final").source
    text = 'logo = "logo.png"\n' + source
    for given, said in (
        (b"GIF89a", "This is no PNG or JPEG picture that can be opened."),
        (broken_pixels(), "This is no PNG or JPEG picture that can be opened."),
        (logo(size=(2001, 10)), "at most 2000 pixels a side"),
    ):
        refused = client.post(
            page, {"source": text, "do": "save", "logo": SimpleUploadedFile("l.png", given)}
        )
        assert refused.status_code == 422
        assert said in refused.content.decode()
    kept = client.post(page, {"source": text, "do": "save", "logo": SimpleUploadedFile("l.png", logo())})
    assert kept.status_code == 302
    archive = client.get(f"{packs}plain-final/2/zip/").content
    again = client.post(f"{packs}upload/", {"file": SimpleUploadedFile("a.zip", archive)})
    assert again.status_code == 302
    with workspace_scope(one.pk):
        row = pack_row("plain-final")
        assert row.version == 2  # what goes out and comes back is the same pack
        assert bytes(row.logo).startswith(b"\x89PNG")


@pytest.mark.parametrize(("code", "is_offered"), [("plain-final", False), ("exchange", True)])
def test_the_exchange_file_is_offered_where_the_pack_writes_one(
    client: Client, one: Any, alice: Any, code: str, is_offered: bool
) -> None:
    with workspace_scope(one.pk):
        buyer = create_buyer(values={"code": "HARB", "name": "Harbour"}, actor=alice, now=NOW)
        pack_services.take_shipped(code=code, actor=alice, now=NOW)
        pack_services.choose_pack(compartment_id=buyer.pk, code=code, actor=alice, now=NOW)
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer.pk))
    checked(one, alice, version)
    signed_in(client, "alice")
    home = f"{one.get_absolute_url()}reports/{version.report_id}/"
    page = client.get(home).content.decode()
    assert f"form {code}, version 1" in page
    link = f"{home}versions/{version.pk}/exchange/"
    assert (link in page) is is_offered
    assert client.get(link).status_code == (200 if is_offered else 404)

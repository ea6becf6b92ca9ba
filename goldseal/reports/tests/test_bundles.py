"""Reports as files to hand out: many as one ZIP, one as a workbook."""

import csv
import hashlib
import io
import zipfile

import pytest
from django.core.cache import cache
from openpyxl import load_workbook

from goldseal.accounts.models import User
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import (
    actor,
    checked,
    founded,
    sealed,
    shared,
)

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


def test_zip_holds_each_report_as_sealed(client, one, alice, version, buyer_id) -> None:
    other = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))  # not checked: not handed out
    foreign = founded("charlie")
    theirs = sealed(foreign, actor(foreign, "charlie"), kinds.held(foreign.pk))
    checked(foreign, actor(foreign, "charlie"), theirs)
    client.force_login(User.objects.get(email="alice@example.test"))
    address = f"{one.get_absolute_url()}reports/zip/"
    picked = "&".join(
        f"pick={pk}" for pk in (version.report_id, other.report_id, theirs.report_id, "nonsense")
    )
    found = client.get(f"{address}?{picked}")
    assert found["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as bundle:
        assert bundle.namelist() == [f"{version.report.number}-v1.pdf", "reports.csv"]
        assert hashlib.sha256(bundle.read(bundle.namelist()[0])).hexdigest() == version.file_hash
        [_heads, row, missing] = csv.reader(io.StringIO(bundle.read("reports.csv").decode("utf-8-sig")))
        assert version.file_hash in row
        assert missing[1] == other.report.number  # and no word of the foreign one
    none_ticked = client.get(f"{address}?q={version.report.number}")
    with zipfile.ZipFile(io.BytesIO(b"".join(none_ticked.streaming_content))) as bundle:
        assert len(bundle.namelist()) == 2
    nothing = client.get(f"{address}?pick={other.report_id}", follow=True)
    assert "needs the check before sharing first" in nothing.content.decode()


def test_zip_names_what_is_not_in_it(client, one, alice, version) -> None:
    other = sealed(one, alice, kinds.held(one.pk))
    client.force_login(User.objects.get(email="alice@example.test"))
    found = client.get(
        f"{one.get_absolute_url()}reports/zip/?pick={version.report_id}&pick={other.report_id}"
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as bundle:
        rows = list(csv.reader(io.StringIO(bundle.read("reports.csv").decode("utf-8-sig"))))
    assert rows[-1][1] == other.report.number
    assert "not in this ZIP" in rows[-1][0]
    nothing = client.get(f"{one.get_absolute_url()}reports/zip/?pick=zz")
    assert nothing.status_code == 302


def test_workbook_is_handed_out_like_the_report(client, one, alice, buyer_id) -> None:
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))
    own = f"{one.get_absolute_url()}reports/{version.report_id}/versions/{version.pk}"
    client.force_login(User.objects.get(email="alice@example.test"))
    early = client.get(f"{own}/xlsx/", follow=True)
    assert "after the check before sharing" in early.content.decode()
    checked(one, alice, version)
    book = client.get(f"{own}/xlsx/")
    assert book["Content-Disposition"] == f'attachment; filename="{version.report.number}-v1.xlsx"'
    cells = [cell.value for row in load_workbook(io.BytesIO(book.content)).worksheets[0].rows for cell in row]
    assert version.content_hash in cells
    assert client.get(f"{own}/exchange/").status_code == 404
    secret = shared(one, alice, version)
    client.logout()
    assert client.get(f"/shared/{secret}/report.xlsx").content == book.content
    for form in ("json", "draft", "exe"):
        assert client.get(f"/shared/{secret}/report.{form}").status_code == 404

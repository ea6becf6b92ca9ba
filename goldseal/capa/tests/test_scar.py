"""Requests to suppliers: a link without an account, its answers and files, and how each link ends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goldseal.capa import scar_answer_services, scar_services
from goldseal.capa.models import Nonconformity, Proof, ReplacedLink, Scar
from goldseal.capa.tests.makers import ANSWER, DUE, TODAY, Place, asked, place
from goldseal.files.tests.makers import jpeg
from goldseal.inspections.tests.makers import NOW, signed_in
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.trail.models import Entry
from goldseal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def here() -> Place:
    return place()


def photo(name: str = "seen.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or jpeg(), "image/jpeg")


def post(client: Client, url: str, **values: Any) -> Any:
    return client.post(url, values)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def keep_alive(here: Place, scar: Scar) -> None:
    """The pages run by the real clock, the story in March."""
    with here.at.place.scope():
        Scar.objects.filter(pk=scar.pk).update(expires_at=utc_now() + timedelta(days=3))


def test_a_supplier_answers_without_an_account(here: Place, django_capture_on_commit_callbacks: Any) -> None:
    case = here.failed()
    with django_capture_on_commit_callbacks(execute=True):
        scar, secret = asked(here, case)
    assert scar.number == "SCAR-2026-000001"
    letter = mail.outbox[-1]
    assert letter.to == ["mill@example.test"]
    assert f"/scar/{secret}/" in str(letter.body)
    keep_alive(here, scar)
    nobody, url = Client(), f"/scar/{secret}/"
    assert "Slubs in lot 7" in text(nobody.get(url))
    wrong = nobody.post(url, {**ANSWER, "words-0": "", "owner-0": "", "due_on-0": ""})
    assert wrong.status_code == 422
    assert "Name at least one action with its date." in text(wrong)
    unsure = nobody.post(url, {**ANSWER, "files": photo()})
    assert unsure.status_code == 422
    assert "Confirm below" in text(unsure)
    sent = nobody.post(url, {**ANSWER, "files": photo(), "attests": "on"})
    assert sent.status_code == 200
    assert "Your answer has arrived" in text(sent)
    assert "answered already" in text(nobody.post(url, ANSWER))
    with here.at.place.scope():
        found = Scar.objects.get()
        assert (found.state, found.answers.count(), Proof.objects.filter(answer__scar=found).count()) == ("answered", 1, 1)  # fmt: skip
    client, page = signed_in(here.manager), f"{here.base}scars/{scar.pk}/"
    assert "Blow room filter" in text(client.get(page))
    assert post(client, f"{page}judge/", do="decline").status_code == 422
    again = post(client, f"{page}judge/", do="decline", reason="Which filter, since when?")
    renewed = re.search(r"/scar/([^/\"]+)/", again.content.decode())
    assert renewed
    assert renewed[1] != secret
    old = nobody.get(url)
    assert old.status_code == 410
    assert "A newer link has replaced this one" in text(old)
    shown = nobody.get(f"/scar/{renewed[1]}/")
    assert "Which filter, since when?" in text(shown)
    for kept in (
        "Blow room filter was torn",
        'value="Mina"',
        'value="Change the filter weekly"',
        'value="2026-12-30"',
    ):
        assert kept in shown.content.decode()  # nobody writes everything again
    assert "Your answer has arrived" in text(nobody.post(f"/scar/{renewed[1]}/", ANSWER))
    assert post(client, f"{page}judge/", do="accept").status_code == 302
    settled = nobody.get(f"/scar/{renewed[1]}/")
    assert settled.status_code == 410
    assert "This request is settled" in text(settled)
    with here.at.place.scope():
        found = Scar.objects.get()
        rows = list(found.answers.order_by("version").values_list("version", "state"))
        assert (found.state, rows) == ("accepted", [(1, "declined"), (2, "accepted")])
        events = set(Entry.objects.filter(object_id=case.pk).values_list("event", flat=True))
        assert {"scar.sent", "scar.opened", "scar.answered", "scar.declined", "scar.accepted"} <= events
        with pytest.raises(Exception, match="never changes"):
            found.answers.update(cause_made="Nothing was wrong")


def test_links_that_ended_say_so_and_unknown_ones_are_not_found(here: Place) -> None:
    case = here.failed()
    scar, secret = asked(here, case)
    assert Client().get("/scar/nobody-knows-this/").status_code == 404
    expired = Client().get(f"/scar/{secret}/")  # made in March, for thirty days
    assert expired.status_code == 410
    assert "The days in which this link worked are over" in text(expired)
    with here.at.place.scope():
        with pytest.raises(Invalid) as wrong:
            scar_services.send_scar(
                nonconformity_id=case.pk,
                values={"supplier": case.pk, "email": "x", "asked": "", "due_on": TODAY - timedelta(days=1)},
                actor=here.reviews,
                now=NOW,
            )
        assert set(wrong.value.fields) == {"supplier", "email", "asked", "due_on", "days"}
        scar_services.withdraw_scar(scar_id=scar.pk, reason="Our own fault", actor=here.reviews, now=NOW)
        with pytest.raises(Conflict):
            scar_services.renew_link(scar_id=scar.pk, days=3, actor=here.reviews, now=NOW)
    other = place("charlie")
    with other.at.place.scope(), pytest.raises(NotFound):
        scar_services.withdraw_scar(scar_id=scar.pk, reason="not mine", actor=other.reviews, now=NOW)


def test_an_ended_link_says_why_and_nothing_of_the_case(here: Place) -> None:
    case = here.failed()
    name = here.at.place.workspace.name
    scar, first = asked(here, case)
    with here.at.place.scope():
        _scar, second = scar_services.renew_link(scar_id=scar.pk, days=30, actor=here.reviews, now=NOW)
    keep_alive(here, scar)
    for method in ("get", "post"):
        old = getattr(Client(), method)(f"/scar/{first}/", ANSWER if method == "post" else {})
        said = text(old)
        assert old.status_code == 410
        assert f"or ask {name} for a new one" in said
        for kept in (case.number, scar.number, "Slubs", scar.email, "Mill"):
            assert kept not in said
    assert Client().get(f"/scar/{second}/").status_code == 200
    with here.at.place.scope():
        assert Scar.objects.get().answers.count() == 0
        assert ReplacedLink.objects.count() == 1
        scar_services.withdraw_scar(scar_id=scar.pk, reason="Our own fault", actor=here.reviews, now=NOW)
    gone = Client().get(f"/scar/{second}/")
    assert (gone.status_code, f"{name} took this request back" in text(gone)) == (410, True)
    assert "A newer link" in text(Client().get(f"/scar/{first}/"))  # an old one never tells how it went on
    with here.at.place.scope():
        Workspace.objects.filter(pk=here.at.place.workspace.pk).update(state="erasing")
    for secret in (first, second):
        assert Client().get(f"/scar/{secret}/").status_code == 404


def test_an_ended_link_speaks_the_language_of_its_letter(here: Place) -> None:
    _scar, secret = asked(here, here.failed(), language="bn")
    assert "এই লিংক" in text(Client().get(f"/scar/{secret}/"))  # made in March, for thirty days


def test_a_closed_case_ends_every_link(here: Place) -> None:
    case = here.failed()
    scar, secret = asked(here, case)
    keep_alive(here, scar)
    assert Client().post(f"/scar/{secret}/", ANSWER).status_code == 200
    assert Client().get(f"/scar/{secret}/").status_code == 200
    unasked, unanswered = asked(here, case, code="DYER")
    keep_alive(here, unasked)
    with here.at.place.scope():
        Nonconformity.objects.filter(pk=case.pk).update(state="closed")
    for ending in (secret, unanswered):
        ended = Client().post(f"/scar/{ending}/", ANSWER)
        assert (ended.status_code, "This request is settled" in text(ended)) == (410, True)
    with here.at.place.scope():
        assert [row.answers.count() for row in Scar.objects.order_by("pk")] == [1, 0]
        for ask in (  # a new link would be dead
            lambda: scar_services.renew_link(scar_id=unasked.pk, days=3, actor=here.reviews, now=NOW),
            lambda: scar_services.judge_answer(
                scar_id=scar.pk, is_accepted=False, reason="Since when?", actor=here.reviews, now=NOW
            ),
        ):
            with pytest.raises(Conflict, match="Reopen it first"):
                ask()


def test_files_have_a_limit_that_is_said_before_and_more_can_follow(here: Place) -> None:
    case = here.failed()
    scar, secret = asked(here, case)
    keep_alive(here, scar)
    url, nobody = f"/scar/{secret}/", Client()
    assert "together at most 10 MB in one sending" in text(nobody.get(url))
    big = nobody.post(url, {**ANSWER, "files": photo("big.jpg", b"x" * 10_000_001), "attests": "on"})
    assert big.status_code == 422
    assert re.search(r'id="id_files_wrong">[^<]*larger than 10 MB', big.content.decode())
    for kept in ("Lot 7 is held in our store", "Blow room filter was torn", "Change the filter weekly"):
        assert kept in big.content.decode()
    lost = nobody.post(url, {**ANSWER, "name": "", "files": photo(), "attests": "on"})
    assert "Choose your files again" in text(lost)
    assert nobody.post(url, {**ANSWER, "files": photo(), "attests": "on"}).status_code == 200
    assert "10 files" in text(nobody.get(url))
    unsure = nobody.post(url, {"do": "files", "files": photo("more.jpg", jpeg(quality=70))})
    assert (unsure.status_code, "Confirm below" in text(unsure)) == (422, True)
    assert "Choose one or more files." in text(nobody.post(url, {"do": "files"}))
    more = nobody.post(url, {"do": "files", "files": photo("more.jpg"), "attests": "on"})
    assert (more.status_code, "The files are with your answer" in text(more)) == (200, True)
    assert "more.jpg" in text(more)
    with here.at.place.scope():
        assert Proof.objects.filter(answer__scar=scar).count() == 2
        entry = Entry.objects.get(object_id=case.pk, event="scar.files_added")
        assert (entry.payload.actor_name, entry.payload.data["count"]) == ("Mill", 1)
    with pytest.raises(Invalid) as full:
        scar_answer_services.add_files(
            secret=secret, files=[("a.jpg", photo().file)] * 9, attests=True, now=NOW
        )
    assert set(full.value.fields) == {"files"}
    page = f"{here.base}scars/{scar.pk}/"
    assert "added files to the answer" in text(signed_in(here.manager).get(page))
    post(signed_in(here.manager), f"{page}judge/", do="accept")
    assert nobody.post(url, {"do": "files", "files": photo(), "attests": "on"}).status_code == 410


def test_the_history_of_a_request_is_its_own(here: Place) -> None:
    case = here.failed()
    scar, _secret = asked(here, case)
    with here.at.place.scope():
        scar_services.withdraw_scar(scar_id=scar.pk, reason="Our own fault", actor=here.reviews, now=NOW)
        again = {"supplier": scar.supplier_id, "email": scar.email, "asked": "Lot 8 too, please act"}
        other, _secret = scar_services.send_scar(
            nonconformity_id=case.pk, values={**again, "due_on": DUE, "days": 30}, actor=here.reviews, now=NOW
        )
    said = text(signed_in(here.manager).get(f"{here.base}scars/{scar.pk}/")).partition("History")[2]
    assert f"withdrew {scar.number}: Our own fault" in said
    assert f"sent {scar.number} to Mill" in said
    assert "opened nonconformity" not in said
    assert other.number not in said

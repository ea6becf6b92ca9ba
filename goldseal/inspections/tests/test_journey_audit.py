"""An auditor with a phone: answers one by one; what is typed elsewhere stays, with and without a connection."""

from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser, page_of
from goldseal.inspections import audit_selectors
from goldseal.inspections.models import Audit
from goldseal.inspections.tests.makers import PASSWORD, Floor, signed_in
from goldseal.inspections.tests.test_audits import furnished, planned

pytestmark = pytest.mark.browser


@pytest.fixture
def at(committed_db: None) -> Floor:
    return furnished()


def test_answering_loses_nothing(at: Floor) -> None:
    with at.place.scope():
        audit = planned(at)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = page_of(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        url = f"http://127.0.0.1:{port}{at.base.replace('inspections/', 'audits/')}{audit.pk}/"
        page.goto(f"{url}record/")
        page.fill("#q2 input[name=answer]", "990")
        page.click("label[for=q0-1]")  # yes: recorded by the tap
        page.wait_for_selector("#q0.is-done")
        page.click("label[for=q1-2]")  # no: first the grade and a note
        page.click("#q1 .form-actions button")
        page.wait_for_selector("#q1 .wrong")
        page.check("#q1 input[value=minor]")
        page.fill("#q1-note", "No log of needles")
        page.context.set_offline(True)
        page.click("#q1 .form-actions button")
        page.wait_for_selector("#q1 [data-unsent]")
        page.context.set_offline(False)
        page.click("#q1 .form-actions button")
        page.wait_for_selector("#q1.is-failing")
        assert page.input_value("#q2 input[name=answer]") == "990"
        page.fill("#q2 input[name=answer]", "1 200")
        page.click("#q2 .form-actions button")
        page.wait_for_selector("#q2 .wrong")
        page.fill("#q2 input[name=answer]", "1200")
        page.click("#q2 .form-actions button")
        page.wait_for_selector("#audit-progress .all-done")
        page.goto(f"{url}sign/")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[value=submit]")
        page.wait_for_selector(".verdict-big.verdict-pass")

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    with at.place.scope():
        done = Audit.objects.get()
        assert (done.state, done.verdict, done.conforming, done.applicable) == ("decided", "pass", 2, 3)
        kept = [(row.item, row.answer, row.grade) for row in audit_selectors.answers_of(done)]
    assert kept == [("posted", "yes", ""), ("needles", "no", "minor"), ("lux", "1200", "")]

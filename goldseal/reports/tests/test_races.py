"""Numbers and seals under contention: real transactions, eight at once."""

import threading

import pytest
from django.db import connection

from goldseal.kit.actors import system_actor
from goldseal.reports import services
from goldseal.reports.models import Report
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, founded
from goldseal.trail.models import Entry
from goldseal.workspaces.services import workspace_scope

pytestmark = pytest.mark.usefixtures("committed_db")


def test_numbers_have_no_gap_and_no_double() -> None:
    one = founded("alice")
    alice = actor(one, "alice")
    subjects = [kinds.held(one.pk) for _ in range(16)]
    problems: list[BaseException] = []
    start = threading.Barrier(8)

    def work(mine):
        try:
            start.wait()
            for number, subject in enumerate(mine):
                try:
                    with workspace_scope(one.pk):
                        services.request_report(
                            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
                        )
                        if number == 1 and mine is parts[0]:
                            raise InterruptedError  # one transaction is taken back: its number is free again
                except InterruptedError:
                    continue
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    parts = [subjects[i::8] for i in range(8)]
    threads = [threading.Thread(target=work, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    with workspace_scope(one.pk):
        numbers = sorted(Report.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, 16))


def test_two_workers_seal_once() -> None:
    one = founded("alice")
    alice = actor(one, "alice")
    with workspace_scope(one.pk):
        version = services.request_report(
            kind="test-inspection", subject_id=kinds.held(one.pk), language="en", actor=alice, now=NOW
        )

    def work():
        try:
            with workspace_scope(one.pk):
                services.seal_version(version_id=version.pk, actor=system_actor(one.pk), now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with workspace_scope(one.pk):
        assert Entry.objects.filter(event="report.sealed").count() == 1

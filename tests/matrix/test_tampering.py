"""The twenty ways to tamper that PROMISES.md §5 names, each with its exact verdict.

Chains are judged by what `goldseal audit-verify` runs, files and paper by what the public page runs.
"""

import io
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.permissions import Role
from goldseal.ops import chains
from goldseal.privacy.services import begin_erasure, erase_person, erase_workspace
from goldseal.reports import selectors, services
from goldseal.reports.models import ReportVersion
from goldseal.reports.rules.answers import Answer
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, founded, member, pdf_of, sealed
from goldseal.reports.tests.test_public import resealed
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import workspace_scope
from tests.plugin import SERVER

LATER = NOW + timedelta(days=1)


@dataclass
class House:
    """A workspace with a chain of ten entries, anchored, and one sealed report that was checked."""

    workspace: Workspace
    alice: Actor
    version: ReportVersion
    pdf: bytes

    def note(self, number: int, **when: object) -> None:
        """One honest entry."""
        at = when.get("at", NOW + timedelta(seconds=number))
        with workspace_scope(self.workspace.pk), recorded_change():
            record(
                event="thing.done",
                actor=system_actor(self.workspace.pk),
                now=at,
                workspace_id=self.workspace.pk,
                payload={"n": number},
            )

    def chain(self) -> tuple[int, str]:
        """Where the first problem of the workspace's chain is and what it is; (0, "") for none."""
        (report,) = [r for r in chains.verify_all() if r.workspace_id == self.workspace.pk]
        return (report.problem.sequence, report.problem.reason) if report.problem else (0, "")

    def last(self) -> int:
        """How many entries there are."""
        with psycopg.connect(SERVER.address(connection.settings_dict["NAME"], role="postgres")) as admin:
            row = admin.execute(
                "SELECT max(sequence) FROM trail_entry WHERE workspace_id = %s", [self.workspace.pk]
            ).fetchone()
        return int(row[0]) if row else 0

    def file(self, pdf: bytes | None = None) -> Answer:
        """The public page's answer about a file."""
        return services.verify_file(pdf=self.pdf if pdf is None else pdf).answer


@pytest.fixture
def house(committed_db: None) -> House:
    workspace = founded("alice")
    alice = actor(workspace, "alice")
    version = sealed(workspace, alice, kinds.held(workspace.pk))
    checked(workspace, alice, version)
    found = House(workspace, alice, version, pdf_of(workspace, version))
    for number in range(5):
        found.note(number)
    chains.anchor_all(now=NOW)
    return found


def by_superuser(*statements: str) -> None:
    """What somebody with the superuser's rights can do: triggers off, then the change."""
    with psycopg.connect(SERVER.address(connection.settings_dict["NAME"], role="postgres")) as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in statements:
            admin.execute(statement)


@pytest.mark.parametrize(
    ("statements", "where"),
    [
        pytest.param(
            ["UPDATE trail_entry SET event = 'nothing.happened' WHERE sequence = 3"], 3, id="1 row edit"
        ),
        pytest.param(
            [
                "UPDATE trail_entry SET sequence = -3 WHERE sequence = 3",
                "UPDATE trail_entry SET sequence = 3 WHERE sequence = 4",
                "UPDATE trail_entry SET sequence = 4 WHERE sequence = -3",
            ],
            3,
            id="2 swap",
        ),
        pytest.param(["DELETE FROM trail_entry WHERE sequence = 4"], 4, id="3 delete"),
        pytest.param(
            [
                "UPDATE trail_entry SET sequence = sequence + 1000 WHERE sequence > 4",
                "UPDATE trail_entry SET sequence = sequence - 999 WHERE sequence > 1000",
                "INSERT INTO trail_entry SELECT (e2).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object("
                "'id', gen_random_uuid(), 'sequence', 5, 'previous', repeat('1', 64), 'hash', repeat('0', 64))) AS e2 "
                "FROM trail_entry e WHERE sequence = 4) AS made",
            ],
            5,
            id="4 insert",
        ),
        pytest.param(
            [
                "DELETE FROM trail_entry WHERE sequence > 3",
                "UPDATE trail_chain SET sequence = 3, hash = (SELECT hash FROM trail_entry WHERE sequence = 3)",
            ],
            4,
            id="5 truncate, head included",
        ),
        pytest.param(
            [
                "CREATE TEMPORARY TABLE former AS SELECT * FROM trail_entry WHERE sequence <= 6",
                "DELETE FROM trail_entry",
                "INSERT INTO trail_entry SELECT * FROM former",
                "UPDATE trail_chain SET sequence = 6, hash = (SELECT hash FROM trail_entry WHERE sequence = 6)",
            ],
            7,
            id="11 restored old backup: the anchor is ahead",
        ),
    ],
)
def test_chain_names_the_first_bad_entry(house: House, statements: list[str], where: int) -> None:
    assert house.chain() == (0, "")
    by_superuser(*statements)
    assert house.chain()[0] == where


def test_06_clock_set_back_raises_no_alarm(house: House) -> None:
    house.note(90, at=NOW - timedelta(days=400))
    house.note(91, at=NOW + timedelta(days=400))
    assert house.chain() == (0, "")


def test_07_signature_copied_to_another_record(house: House) -> None:
    """The seal of one report, put into another one's file."""
    other = sealed(house.workspace, house.alice, kinds.held(house.workspace.pk, verdict="fail"))
    checked(house.workspace, house.alice, other)
    target = pdf_of(house.workspace, other)

    def contents(pdf: bytes) -> tuple[int, int]:
        begin = pdf.index(b"/Contents <") + len(b"/Contents <")
        return begin, pdf.index(b">", begin)

    (a, b), (c, d) = contents(house.pdf), contents(target)
    copied = target[:c] + house.pdf[a:b].ljust(d - c, b"0")[: d - c] + target[d:]
    assert house.file(copied) is Answer.ALTERED


def test_08_resealed_with_a_stolen_key(house: House) -> None:
    assert house.file(resealed(house.pdf, house.workspace)) is Answer.UNKNOWN


def appended_page(pdf: bytes) -> bytes:
    """One more page, by an incremental update that leaves every sealed byte."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    pages = writer.root["/Pages"]
    page = writer.add_object(generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Page")}))
    pages["/Kids"].append(page)
    pages[generic.pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def changed_attachment(pdf: bytes) -> bytes:
    """The attached record replaced by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    stream = names[1]["/EF"]["/F"]
    stream._data = b'{"report": {"number": "GS-2026-000001"}}'
    writer.update_container(stream)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(appended_page, id="9 appended page"),
        pytest.param(changed_attachment, id="10 changed attachment"),
    ],
)
def test_file_that_was_added_to(house: House, tamper: Callable[[bytes], bytes]) -> None:
    changed = tamper(house.pdf)
    assert changed != house.pdf
    assert house.file(changed) is Answer.ALTERED


def test_12_forged_checkpoint(house: House) -> None:
    by_superuser(f"UPDATE trail_anchor SET hash = '{'0' * 64}'")
    assert "signature" in house.chain()[1]


def test_13_duplicate_sequence_is_refused_and_found(house: House) -> None:
    double = (
        "INSERT INTO trail_entry SELECT (e2).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object("
        "'id', gen_random_uuid())) AS e2 FROM trail_entry e WHERE sequence = 4) AS made"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        by_superuser(double)
    assert house.chain() == (0, "")


def test_14_two_writers_at_once_make_one_chain(house: House) -> None:
    before, problems = house.last(), []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 20):
                house.note(number)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(100 * number,)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (problems, house.last(), house.chain()) == ([], before + 40, (0, ""))


def test_15_name_written_in_another_normal_form(house: House) -> None:
    """Composed and decomposed letters look alike and are different bytes: kept as written, and a change shows."""
    written = unicodedata.normalize("NFD", "Zoë Müller")
    with workspace_scope(house.workspace.pk), recorded_change():
        record(
            event="thing.done",
            actor=Actor(person_id=None, name=written, via="job", workspace_id=house.workspace.pk),
            now=NOW,
            workspace_id=house.workspace.pk,
            payload={"name": written},
        )
    assert house.chain() == (0, "")
    changed = house.last()
    by_superuser(
        f"UPDATE trail_payload SET actor_name = normalize(actor_name, NFC) WHERE entry_id = "
        f"(SELECT id FROM trail_entry WHERE sequence = {changed})"
    )
    assert house.chain()[0] == changed


def test_16_time_zone_of_the_workspace_changed(house: House) -> None:
    by_superuser("UPDATE workspaces_workspace SET time_zone = 'America/New_York'")
    found = services.verify_file(pdf=house.pdf)
    assert (found.answer, found.examination.content_hash) == (Answer.VALID, house.version.content_hash)
    assert house.chain() == (0, "")


def test_17_signer_erased(house: House) -> None:
    """Who had the report sealed leaves; the paper and the chain stay what they were."""
    bob = member(house.workspace, "bob", Role.QA_MANAGER)
    version = sealed(house.workspace, actor(house.workspace, "bob"), kinds.held(house.workspace.pk))
    checked(house.workspace, house.alice, version)
    pdf = pdf_of(house.workspace, version)
    chains.anchor_all(now=LATER)
    erasure = begin_erasure(kind="person", subject_id=bob.pk, now=LATER)
    erase_person(erasure_id=erasure.pk, now=LATER)
    assert (house.file(pdf), house.chain()) == (Answer.VALID, (0, ""))
    with workspace_scope(house.workspace.pk):
        assert "bob" not in ReportVersion.objects.get(pk=version.pk).sealed_by.display_name


def test_18_superseded_version(house: House) -> None:
    newer = sealed(house.workspace, house.alice, house.version.report.subject_id, now=LATER)
    assert house.file() is Answer.VALID  # the new one is a draft until its check before sharing
    checked(house.workspace, house.alice, newer)
    assert house.file() is Answer.SUPERSEDED
    assert selectors.verification_of_token(house.version.token).answer is Answer.SUPERSEDED


def test_19_erased_workspace(house: House) -> None:
    erasure = begin_erasure(kind="workspace", subject_id=house.workspace.pk, now=LATER)
    erase_workspace(erasure_id=erasure.pk, now=LATER)
    found = services.verify_file(pdf=house.pdf)
    assert (found.answer, found.known.erased_on) == (Answer.WITHDRAWN, LATER.date())
    assert selectors.verification_of_token(house.version.token).answer is Answer.WITHDRAWN


def test_20_wrong_code_on_the_paper(house: House) -> None:
    """Another report's code leads to that report's page; a made-up one is unknown."""
    other = sealed(house.workspace, house.alice, kinds.held(house.workspace.pk, verdict="fail"))
    by_code = selectors.verification_of_token(other.token)
    by_file = services.verify_file(pdf=house.pdf).known
    assert (by_code.number, by_file.number) == (other.report.number, house.version.report.number)
    assert by_code.file_hash != by_file.file_hash
    wrong = house.version.token[:-1] + ("A" if house.version.token[-1] != "A" else "B")
    assert selectors.verification_of_token(wrong).answer is Answer.UNKNOWN


def test_honest_report_raises_no_alarm(house: House) -> None:
    assert (house.file(), house.chain()) == (Answer.VALID, (0, ""))

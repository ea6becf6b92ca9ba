"""Twenty ways to tamper with a chain, and honest writers who raise no alarm."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.ids import new_id
from goldseal.ops import chains
from goldseal.trail.models import Entry
from goldseal.trail.rules.chain import GENESIS, ChainLink, commitment, entry_hash, first_problem
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import create_workspace, workspace_scope
from tests.plugin import SERVER

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def links(count: int) -> list[ChainLink]:
    """A chain computed here, from the description in `rules/chain.py` and not with the services."""
    chain, previous = [], GENESIS
    for number in range(1, count + 1):
        payload, salt = {"n": str(number)}, bytes([number % 256]) * 16
        mark = commitment(salt, payload)
        fields = {"event": "thing.done", "object": str(number)}
        digest = entry_hash({**fields, "sequence": number, "previous": previous, "commitment": mark})
        chain.append(ChainLink(number, previous, digest, fields, mark, salt, payload))
        previous = digest
    return chain


def head(chain: list[ChainLink]) -> tuple[int, str]:
    return len(chain), chain[-1].hash if chain else GENESIS


def replaced(link: ChainLink, **changes: Any) -> ChainLink:
    return ChainLink(**{name: changes.get(name, getattr(link, name)) for name in ChainLink.__slots__})


def test_an_honest_chain_has_no_problem() -> None:
    chain = links(50)
    assert first_problem(chain, head=head(chain), anchors={10: chain[9].hash, 50: chain[49].hash}) == (
        50,
        None,
    )


def test_destroyed_payloads_leave_the_chain_whole() -> None:
    chain = [replaced(link, payload=None, salt=None) for link in links(5)]
    assert first_problem(chain, head=head(chain), anchors={}) == (5, None)


TAMPERINGS = {
    "payload edited": (lambda c: [*c[:2], replaced(c[2], payload={"n": "other"}), *c[3:]], 3),
    "salt edited": (lambda c: [*c[:2], replaced(c[2], salt=b"x" * 16), *c[3:]], 3),
    "event edited": (lambda c: [*c[:2], replaced(c[2], fields={**c[2].fields, "event": "x"}), *c[3:]], 3),
    "object edited": (lambda c: [*c[:2], replaced(c[2], fields={**c[2].fields, "object": "9"}), *c[3:]], 3),
    "hash edited": (lambda c: [*c[:2], replaced(c[2], hash="0" * 64), *c[3:]], 3),
    "commitment edited": (lambda c: [*c[:2], replaced(c[2], commitment="0" * 64), *c[3:]], 3),
    "previous edited": (lambda c: [*c[:2], replaced(c[2], previous="0" * 64), *c[3:]], 3),
    "first removed": (lambda c: c[1:], 1),
    "middle removed": (lambda c: [*c[:3], *c[4:]], 4),
    "last removed": (lambda c: c[:-1], 8),
    "tail removed": (lambda c: c[:3], 4),
    "all removed": (lambda c: [], 1),
    "two exchanged": (lambda c: [c[0], c[2], c[1], *c[3:]], 2),
    "one doubled": (lambda c: [*c[:3], c[2], *c[3:]], 4),
    "foreign one inserted": (lambda c: [*c[:3], links(20)[10], *c[3:]], 4),
    "number shifted": (lambda c: [*c[:2], replaced(c[2], sequence=4), *c[3:]], 3),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_shows_at_the_first_bad_entry(name: str) -> None:
    change, where = TAMPERINGS[name]
    chain = links(8)
    _seen, problem = first_problem(change(chain), head=head(chain), anchors={})
    assert problem is not None
    assert problem.sequence == where


def test_rewriting_everything_shows_against_the_anchor() -> None:
    original, rewritten = links(8), [replaced(link) for link in links(8)]
    forged, previous = [], GENESIS
    for link in rewritten:
        fields = {**link.fields, "event": "something.else"}
        digest = entry_hash(
            {**fields, "sequence": link.sequence, "previous": previous, "commitment": link.commitment}
        )
        forged.append(replaced(link, fields=fields, previous=previous, hash=digest))
        previous = digest
    assert first_problem(forged, head=head(forged), anchors={})[1] is None, "a full rewrite alone verifies"
    _seen, problem = first_problem(forged, head=head(forged), anchors={5: original[4].hash})
    assert problem is not None
    assert problem.sequence == 5


def test_cutting_the_tail_and_the_head_shows_against_the_anchor() -> None:
    chain = links(8)
    _seen, problem = first_problem(chain[:4], head=head(chain[:4]), anchors={8: chain[7].hash})
    assert problem is not None
    assert "anchor covers entry 8" in problem.reason


@given(st.integers(1, 30), st.data())
def test_any_single_change_of_any_hashed_field_is_found(length: int, data: st.DataObject) -> None:
    chain = links(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(["hash", "previous", "commitment"]))
    old = getattr(chain[place], name)
    spot = data.draw(st.integers(0, 63))
    new = old[:spot] + ("0" if old[spot] != "0" else "1") + old[spot + 1 :]
    chain[place] = replaced(chain[place], **{name: new})
    assert first_problem(chain, head=head(links(length)), anchors={})[1] is not None


def founded(name: str) -> tuple[Workspace, Actor]:
    owner = User.objects.create_user(f"{name}@example.test", name=name)
    workspace = create_workspace(
        name=name, kind="expert_customer", owner=owner, actor=system_actor(via="command"), now=NOW
    )
    return workspace, system_actor(workspace.pk)


def note(actor: Actor, number: int) -> None:
    record(
        event="thing.done",
        actor=actor,
        now=NOW + timedelta(seconds=number),
        workspace_id=actor.workspace_id,
        payload={"n": number},
    )


def fail_after_noting(actor: Actor) -> None:
    with recorded_change():
        note(actor, 2)
        raise RuntimeError("broken")


@pytest.mark.django_db
def test_a_failed_service_leaves_no_entry() -> None:
    workspace, actor = founded("alice")
    with workspace_scope(workspace.pk):
        with recorded_change():
            note(actor, 1)
        with pytest.raises(RuntimeError, match="broken"):
            fail_after_noting(actor)
    with workspace_scope(workspace.pk):
        assert list(Entry.objects.order_by("sequence").values_list("event", "sequence")) == [
            ("workspace.created", 1),
            ("thing.done", 2),
        ]


@pytest.mark.django_db
def test_recording_in_another_workspaces_scope_is_refused() -> None:
    _one, alice = founded("alice")
    two, _charlie = founded("charlie")
    with workspace_scope(two.pk), pytest.raises(RuntimeError, match="outside the scope"):
        note(alice, 1)


def test_eight_writers_make_one_chain_without_a_fork(committed_db: None) -> None:
    workspace, actor = founded("alice")
    problems: list[Exception] = []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 25):
                with workspace_scope(workspace.pk), recorded_change():
                    note(actor, number)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(start * 100,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    (report,) = chains.verify_all()
    assert (report.entries, report.problem) == (201, None)


def tampered(statement: str) -> None:
    """What somebody with the superuser's rights could do: triggers off, then the change."""
    with psycopg.connect(SERVER.address(connection.settings_dict["NAME"], role="postgres")) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(statement)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE trail_entry SET event = 'nothing.happened' WHERE sequence = 3", 3),
        (
            "UPDATE trail_payload SET data = '{\"n\": 99}' WHERE entry_id = (SELECT id FROM trail_entry WHERE sequence = 2)",
            2,
        ),
        ("DELETE FROM trail_entry WHERE sequence = 4", 4),
        ("UPDATE trail_entry SET at = at - interval '1 day' WHERE sequence = 2", 2),
        ("UPDATE trail_entry SET actor_id = gen_random_uuid() WHERE sequence = 5", 5),
        (
            "DELETE FROM trail_entry WHERE sequence > 3; UPDATE trail_chain SET sequence = 3, hash = (SELECT hash FROM trail_entry WHERE sequence = 3)",
            4,
        ),
    ],
)
def test_the_command_names_the_first_bad_entry(
    committed_db: None, capsys: pytest.CaptureFixture[str], statement: str, where: int
) -> None:
    from goldseal.ops.commands import audit_verify

    workspace, actor = founded("alice")
    for number in range(6):
        with workspace_scope(workspace.pk), recorded_change():
            note(actor, number)
    assert chains.anchor_all(now=NOW) == 1
    assert audit_verify([]) == 0
    tampered(statement)
    assert audit_verify([]) == 1
    assert f"entry {where} " in capsys.readouterr().out


def test_a_forged_anchor_is_found(committed_db: None) -> None:
    _workspace, _actor = founded("alice")
    chains.anchor_all(now=NOW)
    tampered(f"UPDATE trail_anchor SET hash = '{'0' * 64}'")
    (report,) = chains.verify_all()
    assert report.problem is not None
    assert "signature" in report.problem.reason


@pytest.mark.django_db
def test_two_chains_do_not_touch(django_assert_num_queries: Any) -> None:
    one, alice = founded("alice")
    two, _charlie = founded("charlie")
    with workspace_scope(one.pk), recorded_change():
        note(alice, 1)
    with workspace_scope(two.pk):
        assert Entry.objects.filter(workspace_id=one.pk).count() == 0
        assert Entry.objects.count() == 1


def test_ids_are_new_each_time() -> None:
    assert new_id() != new_id()

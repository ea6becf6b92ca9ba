"""The official tus client against the production server, over a network that breaks."""

import hashlib
import http.client
import json
import random
import shutil
import subprocess
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from django.conf import settings

from goldseal.files.models import Attachment, Upload
from goldseal.files.rules.tus import Announced
from goldseal.files.services import sweep_files
from goldseal.files.tests.live import BreakingNetwork, server
from goldseal.files.tests.makers import box
from goldseal.files.tests.people import Person, owner
from goldseal.files.upload_services import begin_upload
from goldseal.workspaces.services import make_token
from tests.plugin import PROJECT

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (PROJECT / "node_modules/tus-js-client").exists(),
    reason="node and the tus client are not installed",
)
CLIENT = Path(__file__).with_name("tus_client.mjs")
SIXTY_MEGABYTES = 60_000_000


def film(size: int, seed: int = 7) -> bytes:
    """A film of exactly `size` bytes that no compression could shorten."""
    handler = box(b"hdlr", bytes(8) + b"vide" + bytes(13))
    head = box(b"ftyp", b"isom" + bytes(4) + b"isom") + box(b"moov", box(b"trak", box(b"mdia", handler)))
    return head + box(b"mdat", random.Random(seed).randbytes(size - len(head) - 8))


@pytest.fixture
def alice(committed_db) -> Person:
    alice = owner("alice")
    alice.attests()
    return alice


def token_of(person: Person) -> str:
    with person.scope():
        return make_token(
            label="floor",
            scopes="write",
            days=30,
            user=person.user,
            actor=person.actor,
            now=datetime.now(UTC),
        )[1]


def sent(port: int, path: Path, token: str, **metadata: str) -> dict:
    headers = {"Authorization": f"Bearer {token}"}
    done = subprocess.run(
        [
            "node",
            str(CLIENT),
            f"http://127.0.0.1:{port}/api/v1/files/upload",
            str(path),
            json.dumps(headers),
            json.dumps(metadata),
        ],
        capture_output=True,
        timeout=120,
        cwd=PROJECT,
        check=True,
    )
    return json.loads(done.stdout)


def part_bytes(person: Person) -> int:
    folder = Path(settings.TEMPORARY_FOLDER) / "uploads" / str(person.workspace.pk)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def until(happened) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def is_watched(port: int, peer: int) -> bool:
    """Whether the kernel probes the server's end of a connection (timer 02 in /proc/net/tcp: keep-alive)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = {(int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16)): row[5] for row in rows}
    return ends[port, peer].startswith("02:")


def test_sixty_megabytes_over_three_broken_connections_arrive_whole(alice: Person, tmp_path: Path) -> None:
    content = film(SIXTY_MEGABYTES)
    path = tmp_path / "line.mp4"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    chance = random.Random(2859)
    cuts = [chance.randrange(4_000_000, 18_000_000) for _cut in range(3)]
    token = token_of(alice)
    with server() as (port, pid), BreakingNetwork(port, cuts) as network:
        worker = psutil.Process(pid).children(recursive=True)[0]
        warm = tmp_path / "warm.mp4"
        warm.write_bytes(film(5_000_000, seed=1))
        sent(port, warm, token, filename="warm.mp4")
        before, peak = worker.memory_info().rss, []
        watch = subprocess.Popen(["node", str(CLIENT), f"http://127.0.0.1:{network.port}/api/v1/files/upload", str(path),
             json.dumps({"Authorization": f"Bearer {token}"}), json.dumps({"filename": "Line 3.mp4", "sha256": sha256})],
            stdout=subprocess.PIPE, cwd=PROJECT)  # fmt: skip
        while watch.poll() is None:
            peak.append(worker.memory_info().rss)
            try:
                watch.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        assert watch.stdout is not None
        told = json.loads(watch.stdout.read())
        watch.stdout.close()
        assert told["error"] == ""
        assert network.cut == 3
        # One more where a retry came before the server had noticed the break (423, then again).
        assert told["patches"] >= 4
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/files/{told['attachment']}/content",
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request) as answer:
            assert hashlib.sha256(answer.read()).hexdigest() == sha256
    with alice.scope():
        kept = Attachment.objects.get(pk=UUID(told["attachment"]))
        assert (kept.size, kept.original_sha256, kept.sha256) == (SIXTY_MEGABYTES, sha256, sha256)
        assert (kept.name, kept.kind) == ("Line 3.mp4", "film")
    assert part_bytes(alice) == 0
    # A tenth of the file: what is read ahead, not the file itself.
    assert max(peak) - before < 8_000_000


def test_an_upload_that_never_completes_expires_and_leaves_nothing(alice: Person, tmp_path: Path) -> None:
    path = tmp_path / "line.mp4"
    path.write_bytes(film(6_000_000))
    token = token_of(alice)
    with server() as (port, _pid), BreakingNetwork(port, [900_000] + [100] * 50) as network:
        told = sent(network.port, path, token, filename="line.mp4")
    assert told["error"]
    with alice.scope():
        upload = Upload.objects.get()
        assert 0 < upload.offset < upload.length
        assert not Attachment.objects.exists()
    assert part_bytes(alice) > upload.offset
    now = datetime.now(UTC)
    sweep_files(now=now)
    assert part_bytes(alice) > upload.offset
    assert sweep_files(now=now + timedelta(days=1, minutes=1)).uploads == 1
    assert part_bytes(alice) == 0
    with alice.scope():
        assert not Upload.objects.exists()


def test_two_connections_cannot_send_at_once_and_a_broken_one_leaves_its_bytes(alice: Person) -> None:
    token, content = token_of(alice), film(1_000_000)
    with alice.scope():
        upload = begin_upload(
            length=len(content), said=Announced(name="a.mp4"), actor=alice.actor, now=datetime.now(UTC)
        )
    path = f"/api/v1/files/upload/{upload.pk}"
    folder = Path(settings.TEMPORARY_FOLDER) / "uploads" / str(alice.workspace.pk) / str(upload.pk)
    headers = {
        "Authorization": f"Bearer {token}",
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
    }

    def asked(port: int, method: str, offset: int = 0, body: bytes | None = None) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        line.request(method, path, body, {**headers, "Upload-Offset": str(offset)})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    with server() as (port, _pid):
        slow = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        slow.putrequest("PATCH", path)
        for name, value in {**headers, "Upload-Offset": "0", "Content-Length": str(len(content))}.items():
            slow.putheader(name, value)
        slow.endheaders()
        slow.send(content[:300_000])
        until(lambda: any(folder.glob("*.draft")))
        assert asked(port, "PATCH", 0, content).status == 423
        assert is_watched(port, slow.sock.getsockname()[1])
        slow.close()
        until(lambda: asked(port, "HEAD").headers["Upload-Offset"] != "0")
        offset = int(asked(port, "HEAD").headers["Upload-Offset"])
        assert offset == 300_000
        assert asked(port, "PATCH", 0, content).status == 409
        last = asked(port, "PATCH", offset, content[offset:])
        assert (last.status, last.headers["Upload-Offset"]) == (204, "1000000")
    with alice.scope():
        kept = Attachment.objects.get(pk=UUID(last.headers["Goldseal-Attachment"]))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()

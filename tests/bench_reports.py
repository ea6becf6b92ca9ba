"""`make bench`, reports: against WeasyPrint in one run, two hundred sealed in a batch, hostile text in every field."""

import html
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import segno

PROJECT = Path(__file__).resolve().parent.parent
BLNS = PROJECT.parent / "shared" / "data" / "text" / "blns.txt"
FONTS = PROJECT / "goldseal" / "fonts"
SETS = 5
Say = Callable[..., None]

BATCH = """
import json, sys
import django
django.setup()
from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_workspace
from goldseal.reports.bench import sealed_batch
from goldseal.workspaces.services import workspace_scope
owner = User.objects.get(email="owner@demo.goldseal.invalid")
place = demo_workspace()
actor = Actor(owner.pk, owner.name, "command", place.pk, frozenset({Role.OWNER}), permissions_of([Role.OWNER]))
found = {"seconds": 0.0, "processor_s": 0.0}
for number in range(int(sys.argv[1])):  # a transaction each, as jobs do
    with workspace_scope(place.pk, actor_id=owner.pk):
        one = sealed_batch(count=1, photos=10, actor=actor, now=utc_now(), start=number)
    found["seconds"] += one["seconds"]
    found["processor_s"] += one["processor_s"]
    if number == 19:
        found["mb_early"] = one["mb_late"]
    found["mb_late"] = one["mb_late"]
print("RESULT" + json.dumps(found))
"""


def measure_reports(state: Path, opener: urllib.request.OpenerDirector, port: int, say: Say) -> None:
    """Everything about reports, printed as it comes."""
    measure_weasyprint(say)
    measure_verification(state, port, say)
    measure_batch(state, opener, port, say)
    measure_text(say)


def measure_verification(state: Path, port: int, say: Say) -> None:
    """A stranger hands in the sample's sealed PDF: the whole answer of the page, seal and record examined."""
    pdf = min((state / "demo").glob("*.pdf")).read_bytes()
    mark = "goldseal-bench-verify"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="r.pdf"\r\nContent-Type: application/pdf'
    body = b"\r\n".join((head.encode(), b"", pdf, f"--{mark}--".encode(), b""))
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/verify/", body, {"Content-Type": f"multipart/form-data; boundary={mark}"}
    )
    times = []
    for _ in range(8):  # ten a minute are allowed
        begun = time.perf_counter()
        with urllib.request.urlopen(asked) as answer:
            assert b"answer-valid" in answer.read()
        times.append((time.perf_counter() - begun) * 1000)
    say("verification of a sealed report, ms", statistics.median(times), "ms")


def measure_weasyprint(say: Say) -> None:
    """Render and seal thirty photos not seen before, in turns with WeasyPrint rendering the same content."""
    from goldseal.reports.bench import rendered_and_sealed, unseen_reports

    ours: list[float] = []
    theirs: list[float] = []
    python = os.environ.get("GOLDSEAL_BENCH_WEASYPRINT")
    other = _started(python) if python else None
    reports = list(unseen_reports(count=SETS + 1))
    with tempfile.TemporaryDirectory(prefix="goldseal-weasy-") as name:
        times = rendered_and_sealed(reports)
        for number, (record, photos) in enumerate(reports):
            ours.append(next(times))
            if other is not None and other.stdin and other.stdout:
                folder = Path(name) / str(number)
                _write_html(folder, record, photos)
                other.stdin.write(f"{folder}\n")
                other.stdin.flush()
                theirs.append(float(other.stdout.readline()))
    mine = statistics.median(ours[1:])
    say("30 unseen photos, render and seal, s", mine, "s")
    if theirs:
        say("  WeasyPrint, render only, s", statistics.median(theirs[1:]), "s")
        say("  WeasyPrint / ours (wanted: at least 3)", statistics.median(theirs[1:]) / mine, "×")
    else:
        say("  WeasyPrint not measured: see tests/bench_weasyprint.py", 0.0)
    if other is not None and other.stdin:
        other.stdin.close()
        other.wait(timeout=30)


def _started(python: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, str(PROJECT / "tests" / "bench_weasyprint.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _write_html(folder: Path, record: dict[str, Any], photos: dict[str, bytes]) -> None:
    """The same content for an HTML engine: every text, number, table, bar, picture and the code of our paper."""
    folder.mkdir()
    for sha, data in photos.items():
        (folder / f"{sha}.jpg").write_bytes(data)
    segno.make(record["report"]["verify_url"], error="m").save(str(folder / "qr.svg"))
    body = "".join(_html_parts(record))
    (folder / "report.html").write_text(
        f"<html lang=en><head><meta charset=utf-8><title>{record['report']['number']}</title><style>{_css()}</style>"
        f"</head><body>{body}</body></html>",
        encoding="utf-8",
    )


def _css() -> str:
    faces = "".join(
        f'@font-face {{ font-family: {name}; font-weight: {weight}; src: url("{(FONTS / file).as_uri()}") }}'
        for name, prefix in (("Sans", "NotoSans"), ("Bengali", "NotoSansBengali"))
        for weight, style in ((400, "Regular"), (600, "SemiBold"))
        if (FONTS / (file := f"{prefix}-{style}.ttf")).exists()
    )
    return (
        faces
        + """
    @page { size: A4; margin: 21mm 17mm; @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
    body { font: 9pt Sans, Bengali; color: #1b1e2b } h1 { font-size: 23pt; color: #2b2f7f } h2 { font-size: 13pt;
    border-bottom: 0.9pt solid #2b2f7f; color: #2b2f7f } table { width: 100%; border-collapse: collapse } th { color:
    #2b2f7f; font-size: 7.8pt; text-align: left } td, th { border-bottom: 0.4pt solid #d3d7e1; padding: 4.4pt 5pt }
    .bn { color: #5a6072 } .facts { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 10pt } .verdict { background:
    #fbeff0; border-left: 5pt solid #a3202f; padding: 15pt; font-size: 31pt } .bar { background: #2b2f7f; height: 9pt }
    .photos { display: grid; grid-template-columns: 1fr 1fr; gap: 10pt } figure { margin: 0; break-inside: avoid } img {
    width: 100%; height: 62mm; object-fit: contain; background: #f4f5f9 } .qr { width: 27mm; height: 27mm }"""
    )


def _html_parts(record: dict[str, Any]) -> Iterator[str]:
    report, measured = record["report"], record["measurement"]

    def both(row: dict[str, Any], name: str) -> str:
        bangla = row.get(f"{name}_bn") or ""
        return f"{html.escape(row.get(f'{name}_en') or '')}<br><span class=bn>{html.escape(bangla)}</span>"

    def table(heads: list[str], rows: list[list[Any]]) -> str:
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        return f"<table><thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{cells}</table>"

    def facts(values: dict[str, Any]) -> str:
        shown = "".join(f"<div><small>{k}</small><br>{html.escape(str(v))}</div>" for k, v in values.items())
        return f"<div class=facts>{shown}</div>"

    yield f"<p>{record['workspace']['name']} {report['number']} v{report['version']}</p><h1>Final inspection</h1>"
    reasons = "".join(f"<p>{both(reason, 'text')}</p>" for reason in record["verdict"]["reasons"])
    yield f"<div class=verdict>{record['verdict']['overall'].upper()}</div>{reasons}<h2>Result</h2>"
    yield table(list(record["counts"][0]), [list(row.values()) for row in record["counts"]])
    yield table(["Section", "Verdict"], [[both(s, "title"), s["verdict"]] for s in record["sections"]])
    yield f"<h2>Order</h2>{facts(record['header'])}<h2>Plan</h2>"
    yield facts({key: value for key, value in record["plan"].items() if key != "severities"})
    for section in record["sections"]:
        rows = [
            [both(r, "label"), r.get("answer"), r.get("value", ""), r.get("remark", "")]
            for r in section["rows"]
        ]
        yield f"<h2>{both(section, 'title')}</h2>{table(['Check', 'Answer', 'Found', 'Remark'], rows)}"
        if section.get("table"):
            yield table([column["en"] for column in section["table"]["columns"]], section["table"]["rows"])
    keys = ("severity", "zone", "colour", "size", "carton", "pieces", "note")
    yield table(
        ["Code", "Defect", *keys],
        [[d["code"], both(d, "name"), *(d.get(k, "") for k in keys)] for d in record["defects"]],
    )
    bars = [[p["code"], both(p, "name"), f'<div class=bar style="width:{p["share"]}%"></div>', p["count"], p["cumulative"]]
            for p in record["pareto"]]  # fmt: skip
    yield table(["Code", "Defect", "", "Count", "Cumulative"], bars)
    for start in range(0, len(measured["pieces"]), 6):
        group = measured["pieces"][start : start + 6]
        grid = []
        for pom in measured["poms"]:
            found = [next((v for v in piece["values"] if v["pom"] == pom["code"]), {}) for piece in group]
            cells = [f"{value.get('measured', '–')}<br>{value.get('deviation', '')}" for value in found]
            grid.append([both(pom, "name"), f"+{pom['tol_plus']} −{pom['tol_minus']}", *cells])
        yield table(["Point", "Tolerance", *(f"Piece {piece['no']}" for piece in group)], grid)
    pictures = "".join(
        f'<figure><img src="{p["sha256"]}.jpg" alt="photo"><figcaption>{number} {both(p, "caption")} {p["sha256"][:12]}'
        "</figcaption></figure>"
        for number, p in enumerate(record["photos"], start=1)
    )
    yield f"<h2>Photos</h2><div class=photos>{pictures}</div><h2>Remarks</h2><p>{html.escape(record['remarks'])}</p>"
    actions = [list(action.values()) for action in record.get("corrective_actions", [])]
    yield table(["No.", "Problem", "Action", "Owner", "Due"], actions)
    yield "".join(facts(row) for row in record["signatures"])
    yield f'<img class=qr src="qr.svg" alt="code"><p>{report["verify_url"]}</p>'


def measure_batch(state: Path, opener: urllib.request.OpenerDirector, port: int, say: Say) -> None:
    """Two hundred reports of ten photos by two workers at once, while somebody opens pages."""
    environment = {
        **os.environ,
        "GOLDSEAL_DATA_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "goldseal.config.settings",
    }
    command = [sys.executable, "-W", "ignore", "-c", BATCH, "100"]
    begun = time.perf_counter()
    workers = [
        subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    pages: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(1.0):
            since = time.perf_counter()
            opener.open(f"http://127.0.0.1:{port}/w/demo/reports/").read()
            pages.append((time.perf_counter() - since) * 1000)

    looking = threading.Thread(target=look)
    looking.start()
    answers = [worker.communicate() for worker in workers]
    over.set()
    looking.join()
    found = []
    for out, problems in answers:
        line = next((line for line in out.splitlines() if line.startswith("RESULT")), "")
        if not line:
            sys.exit(f"The batch of reports failed:\n{problems[-2000:]}")
        found.append(json.loads(line.removeprefix("RESULT")))
    say(
        "200 reports in a batch, 2 workers, s",
        max(one["seconds"] for one in found),
        "s   (wanted: at most 120)",
    )
    say("  processor time of one worker, s", max(one["processor_s"] for one in found), "s")
    say("  with starting and drawing the photos, s", time.perf_counter() - begun, "s")
    say("  memory of a worker after 20 reports, MB", max(one["mb_early"] for one in found), "MB")
    say("  memory of a worker after 100 reports, MB", max(one["mb_late"] for one in found), "MB")
    if pages:
        say("  a page meanwhile, median ms", statistics.median(pages), "ms")


def measure_text(say: Say) -> None:
    """Every line of the list of naughty strings through every text field of every kind of record."""
    if not BLNS.exists():
        return
    from goldseal.reports.bench import naughty_lines

    lines = [x for x in BLNS.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    for schema, rendered, seconds in naughty_lines(lines):
        say(f"naughty strings through {schema}", rendered, f"of {len(lines)}, {seconds:.0f} s")

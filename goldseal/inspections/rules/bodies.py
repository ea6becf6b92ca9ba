"""What the body of each kind of event may hold: fields, limits and the sentences that refuse the rest."""

from collections.abc import Mapping

from goldseal.inspections.rules.bodies_methods import METHOD_BODIES
from goldseal.inspections.rules.fields import (
    NAME,
    PHOTOS,
    SHA256,
    ZONES,
    Field,
    code,
    list_of,
    one_of,
    optional,
    pattern,
    tape,
    text,
    uuid7,
    whole,
)
from goldseal.inspections.rules.measurement import UNITS

SECTIONS = (
    "quantity",
    "shipping_marks",
    "conformity",
    "packing",
    "labelling",
    "workmanship",
    "measurement",
    "onsite_tests",
    "special",
    "remarks",
)
VERDICTS = ("pass", "fail", "na", "pending", "hold")
ANSWERS = ("pass", "fail", "na", "hold")
SEVERITIES = ("critical", "major", "minor")
SIGNING_ROLES = ("inspector", "factory_representative", "qa")
QUANTITY_MAX = 10_000_000
COVERS_MAX = 50_000

BODIES: Mapping[str, Mapping[str, Field]] = {
    "inspection_started": {"place": optional(text(200)), "note": optional(text(1000, lines=True))},
    "quantity_counted": {
        "colour": Field(text(60)),
        "size": Field(text(20)),
        "made": Field(whole(0, QUANTITY_MAX)),
        "packed": Field(whole(0, QUANTITY_MAX)),
        "offered": optional(whole(0, QUANTITY_MAX)),
    },
    "cartons_opened": {"cartons": Field(list_of(whole(1, 1_000_000), least=1, most=5000))},
    "check_answered": {
        "section": Field(one_of(*SECTIONS)),
        "check": Field(NAME),
        "answer": Field(one_of(*ANSWERS)),
        "value": optional(text(200)),
        "note": optional(text(1000, lines=True)),
        "photos": PHOTOS,
    },
    "defect_recorded": {
        "code": Field(code),
        "severity": Field(one_of(*SEVERITIES)),
        "zone": optional(one_of(*ZONES)),
        "colour": optional(text(60)),
        "size": optional(text(20)),
        "carton": optional(whole(1, 1_000_000)),
        "pieces": Field(whole(1, 10_000), is_required=False, default=1),
        "piece_no": optional(whole(1, 10_000)),
        # Double sampling: left out for the first sample.
        "sample": optional(whole(2, 2)),
        "note": optional(text(1000, lines=True)),
        "photos": PHOTOS,
    },
    "piece_measured": {
        "piece_no": Field(whole(1, 10_000)),
        "colour": optional(text(60)),
        "size": Field(text(20)),
        "pom": Field(
            pattern(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", "the code of a point of measure such as P01")
        ),
        "value": Field(tape),
        "unit": Field(one_of(*UNITS)),
        # Left out where the garment is not washed, so that such records stay as they always were.
        "wash": optional(one_of("before", "after")),
    },
    "second_sample_started": {"note": optional(text(1000, lines=True))},
    "photo_attached": {
        "sha256": Field(SHA256),
        "section": Field(one_of(*SECTIONS)),
        "caption_en": optional(text(300)),
        "caption_bn": optional(text(300)),
        "about": optional(uuid7),
    },
    "remark_written": {"section": Field(one_of(*SECTIONS)), "text": Field(text(4000, lines=True))},
    "section_concluded": {
        "section": Field(one_of(*SECTIONS)),
        "verdict": Field(one_of(*VERDICTS)),
        "remark": optional(text(1000, lines=True)),
    },
    "signed": {
        "printed_name": Field(text(120)),
        "role": Field(one_of(*SIGNING_ROLES)),
        "meaning": Field(text(300)),
        "set_hash": Field(SHA256),
    },
    "submitted": {"covers": Field(list_of(uuid7, least=1, most=COVERS_MAX)), "set_hash": Field(SHA256)},
    "event_withdrawn": {"reason": Field(text(500, lines=True))},
    **METHOD_BODIES,
}

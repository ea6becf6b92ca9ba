"""The demo factory tells of every stage there is."""

from goldseal.catalog.starter.stages import STAGES
from goldseal.ops.demo_yesterday import CARDIGAN, TSHIRT


def test_yesterday_shows_every_stage() -> None:
    told = {code for stages in (CARDIGAN, TSHIRT) for code, _asked, _recording in stages}
    assert told == {stage.code for stage in STAGES}

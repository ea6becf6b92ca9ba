"""Finding causes: two chains of 5 Why, the bones of the fishbone, the questions of is / is not (DOMAIN §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MADE, DETECTED = "made", "detected"
CHAINS = (MADE, DETECTED)
LONGEST_CHAIN = 7
# One or two steps are likely incomplete, four or five are usual (DOMAIN §8).
FEW_STEPS = 3

BONES = ("man", "machine", "material", "method", "measurement", "environment", "management")
QUESTIONS = ("what", "where", "when", "how_many")

WIDTH, HEIGHT = 1120, 560
SPINE = HEIGHT // 2
HEAD = 960
FIRST_FOOT, APART, LEAN, TWIG = 270, 225, 78, 185
SHOWN_CAUSES = 6
LETTERS = 24


def is_short(steps: int) -> bool:
    """Whether a chain has so few steps that it likely stops before the cause."""
    return 0 < steps < FEW_STEPS


@dataclass(frozen=True, slots=True)
class Twig:
    """A cause on its bone: where its line begins and ends, where its words stand."""

    text: str
    full: str
    standing: str
    x1: float
    x2: float
    y: float


@dataclass(frozen=True, slots=True)
class Bone:
    """A category's line to the spine, where its name stands, its twigs, and how many do not fit."""

    code: str
    x1: float
    y1: float
    x2: float
    y2: float
    label_y: float
    twigs: tuple[Twig, ...]
    left_out: int


def fishbone(causes: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Bone, ...]:
    """Where everything of the diagram stands, in units of a drawing WIDTH × HEIGHT.

    `causes` holds (words, standing) for each bone. Bones lie above and below the spine in turn; a cause longer
    than LETTERS is cut short, its full words stay beside it.
    """
    bones = []
    for place, code in enumerate(BONES):
        is_upper = place % 2 == 0
        column = place // 2
        foot = FIRST_FOOT + column * APART
        top = 62 if is_upper else HEIGHT - 62
        rows = list(causes.get(code, ()))
        twigs = []
        for number, (words, standing) in enumerate(rows[:SHOWN_CAUSES]):
            share = (number + 1) / (min(len(rows), SHOWN_CAUSES) + 1)
            y = top + (SPINE - top) * share
            x = foot - LEAN + LEAN * share
            cut = words if len(words) <= LETTERS else words[: LETTERS - 1] + "…"
            twigs.append(Twig(cut, words, standing, round(x - TWIG, 1), round(x, 1), round(y, 1)))
        bones.append(
            Bone(
                code,
                foot - LEAN,
                top,
                foot,
                SPINE,
                top - 14 if is_upper else top + 28,
                tuple(twigs),
                max(0, len(rows) - SHOWN_CAUSES),
            )
        )
    return tuple(bones)

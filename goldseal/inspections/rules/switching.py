"""Switching between normal, tightened and reduced inspection by what the last lots showed (ISO 2859-1 clause 9).

One state per supplier, product and severity. Each lot is judged with the plan of the state before it; the state
after it governs the next lot. ANSI/ASQ Z1.4 differs and is not followed here: it goes to reduced after ten
accepted lots whose samples together stay within its Table VIII, and its reduced plans have a gap (Ac < d < Re)
that accepts the lot and returns to normal.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from goldseal.inspections.rules.sampling import (
    AQLS,
    Plan,
    is_zero_tolerance,
    next_tighter_accept,
    single_plan,
)

WINDOW = 5
TIGHTENED_AFTER = 2
NORMAL_AFTER = 5
DISCONTINUED_AFTER = 5
REDUCED_SCORE = 30
TIGHTER_ROWS = ("plan", "code_letter")

_SENTENCES: Mapping[str, str] = {
    "started": "Inspection starts on normal",
    "five_accepted": f"{NORMAL_AFTER} consecutive lots accepted on tightened inspection",
    "score_reached": f"Switching score of {REDUCED_SCORE} reached, production steady, reduced inspection approved",
    "rejected_on_reduced": "A lot was not accepted on reduced inspection",
    "production_irregular": "Production became irregular or delayed",
    "approval_withdrawn": "Reduced inspection is no longer approved",
    "five_rejected": f"{DISCONTINUED_AFTER} lots not accepted on tightened inspection; inspection is discontinued",
    "reinstated": "The supplier has improved and the responsible authority agreed; tightened inspection resumes",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the standard leaves open; the defaults are the recommended readings.

    `count_rejection_on_reduced`: whether the lot that ends reduced inspection already counts among the "2 of 5"
    of the normal period it starts (strict buyers count it).
    `tighter_row`: the row in which the next tighter AQL is read for the score: that of the plan in use after
    arrows ("plan"), or the one the original code letter leads to ("code_letter"), which is comparable only
    where it has the same sample size; otherwise the lot scores 0.
    `score_full_inspection`: whether a lot inspected whole (n not below the lot) enters the score as any other lot
    does; otherwise it leaves the score as it was. It counts for acceptance either way.
    """

    count_rejection_on_reduced: bool = False
    tighter_row: str = "plan"
    score_full_inspection: bool = True

    def __post_init__(self) -> None:
        if self.tighter_row not in TIGHTER_ROWS:
            raise ValueError(
                f"Tighter row must be one of {', '.join(TIGHTER_ROWS)} (got {self.tighter_row!r})"
            )


@dataclass(frozen=True, slots=True)
class SwitchingState:
    """Where inspection stands after the lots so far, and why.

    `score` is the switching score of §9.3.3.2: it grows on normal inspection only and is 0 elsewhere, except
    that the state in which reduced inspection begins shows the score that led there. `window` holds the last
    outcomes (True = accepted) of the current normal period, at most five. `tightened_accepted` is the current run
    of accepted lots and `tightened_not_accepted` the cumulative count of the current tightened period. `reason`
    is a code and `sentence` the same in English.
    """

    inspection: str = "normal"
    score: int = 0
    window: tuple[bool, ...] = ()
    tightened_accepted: int = 0
    tightened_not_accepted: int = 0
    reason: str = "started"
    sentence: str = _SENTENCES["started"]
    policy: Policy = field(default_factory=Policy)

    @classmethod
    def start(cls, *, policy: Policy | None = None) -> "SwitchingState":
        """The state before the first lot: normal inspection, score 0 (§9.1)."""
        return cls(policy=policy or Policy())

    @property
    def is_reduced_earned(self) -> bool:
        """Whether the score alone would allow reduced inspection."""
        return self.inspection == "normal" and self.score >= REDUCED_SCORE

    def after(
        self,
        *,
        accepted: bool,
        nonconforming: int,
        accept: int,
        tighter_accept: int | None,
        original: bool = True,
        production_steady: bool = True,
        reduced_approved: bool = True,
        is_full_inspection: bool = False,
        accepted_on_first: bool | None = None,
    ) -> "SwitchingState":
        """The state after one lot, which governs the next lot.

        `accepted` is the decision on the lot, `nonconforming` what its sample held, `accept` the Ac of the plan
        it was judged by, and `tighter_accept` the Ac' of the next tighter AQL (`tighter_accept` of this module);
        None where Ac is at least 2 means that the comparison is not possible, so the score restarts.
        A resubmitted lot (`original` False) changes nothing. `accepted_on_first` is for double sampling, where
        acceptance on the first sample adds 3 and anything else restarts the score.
        Raises ValueError after discontinuation and for a negative count.
        """
        if nonconforming < 0 or accept < 0:
            raise ValueError(
                f"Nonconforming units and Ac must not be negative (got {nonconforming} and {accept})"
            )
        if self.inspection == "discontinued":
            raise ValueError(
                "Inspection is discontinued; no further lot is taken until the supplier has improved "
                "and inspection is reinstated"
            )
        if not original:
            return self
        if self.inspection == "tightened":
            return self._after_tightened(accepted)
        if self.inspection == "reduced":
            return self._after_reduced(accepted, production_steady, reduced_approved)
        counts = self.policy.score_full_inspection or not is_full_inspection or not accepted
        score = (
            _score(self.score, accepted, nonconforming, accept, tighter_accept, accepted_on_first)
            if counts
            else self.score
        )
        return self._after_normal(accepted, score, production_steady and reduced_approved)

    def review(self, *, production_steady: bool = True, reduced_approved: bool = True) -> "SwitchingState":
        """The state when these facts change between two lots (§9.3.3.1 and §9.3.4), the lots being the same."""
        if self.inspection == "reduced":
            ended = _end_of_reduced(True, production_steady, reduced_approved)
            return self._to("normal", ended) if ended else self
        if self.is_reduced_earned and production_steady and reduced_approved:
            return self._to("reduced", "score_reached", score=self.score)
        return self

    def reinstate(self) -> "SwitchingState":
        """Resume on tightened inspection after discontinuation, with all counts at 0 (§9.4).

        Raises ValueError where inspection is not discontinued.
        """
        if self.inspection != "discontinued":
            raise ValueError(f"Only discontinued inspection can be reinstated (it is {self.inspection})")
        return self._to("tightened", "reinstated")

    def as_dict(self) -> dict[str, Any]:
        """The state as JSON keeps it."""
        return {**asdict(self), "window": list(self.window)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SwitchingState":
        """The state back from `as_dict`."""
        return cls(**{**data, "window": tuple(data["window"]), "policy": Policy(**data["policy"])})

    def _after_normal(self, accepted: bool, score: int, may_reduce: bool) -> "SwitchingState":
        window = (*self.window, accepted)[-WINDOW:]
        rejected = window.count(False)
        if rejected >= TIGHTENED_AFTER:
            sentence = f"{rejected} of the last {len(window)} lots not accepted"
            return replace(self._to("tightened", "two_of_five_rejected"), sentence=sentence)
        if score >= REDUCED_SCORE and may_reduce:
            return self._to("reduced", "score_reached", score=score)
        return replace(self, score=score, window=window)

    def _after_tightened(self, accepted: bool) -> "SwitchingState":
        run = self.tightened_accepted + 1 if accepted else 0
        rejected = self.tightened_not_accepted + (not accepted)
        if rejected >= DISCONTINUED_AFTER:
            return replace(self._to("discontinued", "five_rejected"), tightened_not_accepted=rejected)
        if run >= NORMAL_AFTER:
            return self._to("normal", "five_accepted")
        return replace(self, tightened_accepted=run, tightened_not_accepted=rejected)

    def _after_reduced(self, accepted: bool, steady: bool, approved: bool) -> "SwitchingState":
        ended = _end_of_reduced(accepted, steady, approved)
        if ended is None:
            return replace(self, score=0)
        counts = not accepted and self.policy.count_rejection_on_reduced
        return replace(self._to("normal", ended), window=(False,) if counts else ())

    def _to(self, inspection: str, reason: str, *, score: int = 0) -> "SwitchingState":
        return SwitchingState(
            inspection=inspection,
            score=score,
            reason=reason,
            sentence=_SENTENCES.get(reason, ""),
            policy=self.policy,
        )


def tighter_accept(plan: Plan, *, row: str = "plan") -> int | None:
    """Ac' of a lot's plan: the acceptance number of the next tighter AQL for the same sample size (§9.3.3.2).

    `row` is `Policy.tighter_row`. None where the table has no such number: at the tightest AQL, for a plan by
    zero tolerance, beside an arrow (plans with Ac 0 or 1, which the score does not compare), or, with
    "code_letter", where the other plan draws another sample size.
    """
    if is_zero_tolerance(plan.aql):
        return None
    found = next_tighter_accept(inspection=plan.inspection, letter=plan.plan_letter, aql=plan.aql)
    if row == "plan" or found is None:
        return found
    other = single_plan(
        lot_size=plan.lot_size,
        level=plan.level,
        aql=AQLS[AQLS.index(plan.aql) - 1],
        inspection=plan.inspection,
    )
    return other.accept if other.sample_size == plan.sample_size else None


def _score(
    before: int, accepted: bool, found: int, accept: int, tighter: int | None, on_first: bool | None
) -> int:
    if not accepted:
        return 0
    if on_first is not None:
        return before + 3 if on_first else 0
    if accept < 2:
        return before + 2
    return before + 3 if tighter is not None and found <= tighter else 0


def _end_of_reduced(accepted: bool, steady: bool, approved: bool) -> str | None:
    """Why reduced inspection ends, if it does. Withdrawn approval is one of the "other conditions" of §9.3.4."""
    if not accepted:
        return "rejected_on_reduced"
    if not steady:
        return "production_irregular"
    return None if approved else "approval_withdrawn"

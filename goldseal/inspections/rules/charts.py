"""Process capability and Shewhart control limits (X-bar and R, p, c, u) for measured and counted quality.

Limits are three standard deviations from the mean; a lower limit below zero is zero for p, c, u and R.
A point is out of control strictly outside the limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

# Expected relative range d2 and its standard deviation d3 of n normal values, n = 2 … 25.
# Source: Montgomery, Introduction to Statistical Quality Control, Appendix VI; five digits by integration.
_D2 = (
    1.12838, 1.69257, 2.05875, 2.32593, 2.53441, 2.70436, 2.84720, 2.97003, 3.07751, 3.17287, 3.25846, 3.33598,
    3.40676, 3.47183, 3.53198, 3.58788, 3.64006, 3.68896, 3.73495, 3.77834, 3.81938, 3.85832, 3.89535, 3.93063,
)  # fmt: skip
_D3 = (
    0.85250, 0.88837, 0.87981, 0.86408, 0.84804, 0.83321, 0.81983, 0.80783, 0.79705, 0.78731, 0.77848, 0.77042,
    0.76302, 0.75621, 0.74991, 0.74405, 0.73859, 0.73348, 0.72869, 0.72417, 0.71991, 0.71589, 0.71207, 0.70844,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capability:
    """Capability indices; None where the specification has no such side."""

    cp: float | None
    cpu: float | None
    cpl: float | None
    cpk: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre line and control limits, in the unit of the plotted value."""

    centre: float
    upper: float
    lower: float

    def is_out(self, value: float) -> bool:
        """Whether the value lies strictly outside the limits."""
        return value > self.upper or value < self.lower


def capability(*, lower: float | None, upper: float | None, mean: float, sigma: float) -> Capability:
    """Cp, Cpu, Cpl and Cpk from the within-subgroup sigma; one-sided specifications leave a side None."""
    if sigma <= 0:
        raise ValueError(f"Sigma must be greater than 0 (got {sigma})")
    if lower is None and upper is None:
        raise ValueError("Capability needs a lower or an upper specification limit")
    cpu = None if upper is None else (upper - mean) / (3 * sigma)
    cpl = None if lower is None else (mean - lower) / (3 * sigma)
    cp = None if lower is None or upper is None else (upper - lower) / (6 * sigma)
    return Capability(cp, cpu, cpl, min(side for side in (cpu, cpl) if side is not None))


def xbar_r(*, samples: Sequence[Sequence[float]]) -> tuple[Limits, Limits]:
    """Limits for the means and for the ranges of samples of one size, 2 to 25 values each."""
    size = len(samples[0]) if samples else 0
    if not 2 <= size <= 25 or any(len(sample) != size for sample in samples):
        raise ValueError("Samples must all have the same size, between 2 and 25 values")
    d2, d3 = _D2[size - 2], _D3[size - 2]
    mean = fmean(fmean(sample) for sample in samples)
    spread = fmean(max(sample) - min(sample) for sample in samples)
    reach = 3 * spread / (d2 * sqrt(size))
    ratio = 3 * d3 / d2
    return (
        Limits(mean, mean + reach, mean - reach),
        Limits(spread, spread * (1 + ratio), max(0.0, spread * (1 - ratio))),
    )


def p_chart(*, defectives: Sequence[int], sample_size: int) -> Limits:
    """Limits for the share of defective units (0 to 1) in samples of one size."""
    if not defectives or sample_size < 1:
        raise ValueError("A p chart needs at least one sample of at least one unit")
    share = sum(defectives) / (len(defectives) * sample_size)
    return _around(share, sqrt(share * (1 - share) / sample_size))


def c_chart(*, defects: Sequence[int]) -> Limits:
    """Limits for the number of defects in equal inspection units."""
    if not defects:
        raise ValueError("A c chart needs at least one inspection unit")
    mean = fmean(defects)
    return _around(mean, sqrt(mean))


def u_chart(*, defects: Sequence[int], units: Sequence[float]) -> tuple[Limits, ...]:
    """Limits for defects per inspection unit, one per sample because samples differ in size."""
    if not defects or len(defects) != len(units) or min(units) <= 0:
        raise ValueError("A u chart needs as many sample sizes above 0 as defect counts")
    mean = sum(defects) / sum(units)
    return tuple(_around(mean, sqrt(mean / size)) for size in units)


def _around(centre: float, sigma: float) -> Limits:
    return Limits(centre, centre + 3 * sigma, max(0.0, centre - 3 * sigma))

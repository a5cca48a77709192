"""Multiple imputation of missing numbers from a multivariate normal distribution, and Rubin's rules."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

N_IMPUTATIONS = 20
# A survey of more than MOST_OF_MANY respondents has fewer imputations, to limit time and memory. Where a third of the
# information is missing, another draw of 5 differs by a quarter of the standard error, which is then very small.
N_IMPUTATIONS_OF_LARGE = 5
MOST_OF_MANY = 20_000
# EM ends when no mean or covariance changes by more, in standard deviations.
EM_CONVERGED = 1e-6
EM_STEPS = 500
# Each step brings a bootstrap sample's estimate closer by about the share of answers that is missing, so that a few
# steps from the estimate of all respondents are enough.
STEPS_OF_A_SAMPLE = 6
# A variance below this share is treated as none.
SMALLEST_VARIANCE = 1e-9
# Rows whose products are formed at once, to limit memory.
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class _Patterns:
    """Rows grouped by which of their values are known.

    `values` has 0 for a missing value; `pattern` is the number of each row's pattern, rising; `known` has one row per
    pattern, and `order` the place of each row among the respondents.
    """

    values: np.ndarray
    pattern: np.ndarray
    known: np.ndarray
    order: np.ndarray

    def sums(self, count: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Number, sum and sum of products of each pattern's rows, of which each occurs `count` times."""
        n_patterns, size = self.known.shape
        n = np.bincount(self.pattern, weights=count, minlength=n_patterns)
        first, second = np.zeros((n_patterns, size)), np.zeros((n_patterns, size, size))
        for start in range(0, len(self.values), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            values, pattern = self.values[rows], self.pattern[rows]
            starts = np.flatnonzero(np.diff(pattern, prepend=-1))
            weighted = values * count[rows, None]
            first[pattern[starts]] += np.add.reduceat(weighted, starts)
            second[pattern[starts]] += np.add.reduceat(weighted[:, :, None] * values[:, None, :], starts)
        return n, first, second


def imputed(values: np.ndarray, seed: int, n_imputations: int | None = None) -> Iterator[np.ndarray]:
    """Yield copies of `values` in which every missing value is drawn given the known ones of its row.

    All columns together are taken as multivariate normal. Mean and covariance are fitted to all rows by EM. For each
    imputation they are fitted again to a bootstrap sample of the rows (STEPS_OF_A_SAMPLE steps of EM), which carries
    their uncertainty into the imputations, and the missing values are drawn from their conditional distribution.

    Args:
        values: one row per respondent, NaN where missing; each column has at least two different values.
        seed: of the bootstrap samples and of the values.
        n_imputations: their number; None is N_IMPUTATIONS, or N_IMPUTATIONS_OF_LARGE of a large survey.

    R: `Amelia::amelia(values, m = 20, p2s = 0)`, the same method with other random numbers.
    Sources: Dempster, Laird and Rubin 1977, JRSS B 39:1 (EM); Honaker and King 2010, American Journal of Political
    Science 54:561 (EM with the bootstrap).

    """
    random = np.random.default_rng(seed)
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    patterns = _patterns((values - centre) / scale)
    start = _fitted(patterns)
    usual = N_IMPUTATIONS if len(values) <= MOST_OF_MANY else N_IMPUTATIONS_OF_LARGE
    number = usual if n_imputations is None else n_imputations
    samples = [np.bincount(random.integers(0, len(values), len(values)), minlength=len(values)) for _ in range(number)]
    sums = [np.stack(part) for part in zip(*(patterns.sums(sample) for sample in samples), strict=True)]
    means, covariances = np.repeat(start[0], number, axis=0), np.repeat(start[1], number, axis=0)
    for _ in range(STEPS_OF_A_SAMPLE):
        means, covariances = _em_step(means, covariances, patterns.known, sums[0], sums[1], sums[2])
    for mean, covariance in zip(means, covariances, strict=True):
        filled = np.empty_like(values)
        filled[patterns.order] = _drawn(patterns, mean, covariance, random)
        yield np.where(np.isnan(values), centre + scale * filled, values)


def _patterns(values: np.ndarray) -> _Patterns:
    is_known = ~np.isnan(values)
    # A bit for each value: bytes are sorted many times faster than the rows of numpy.unique.
    bits = np.packbits(is_known, axis=1)
    order = np.lexsort(bits.T[::-1])
    bits = bits[order]
    is_first = np.append(True, (bits[1:] != bits[:-1]).any(axis=1))
    known = is_known[order[is_first]].astype(np.float64)
    return _Patterns(np.where(is_known, values, 0.0)[order], np.cumsum(is_first) - 1, known, order)


def _fitted(patterns: _Patterns) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of all rows by EM, each with a first axis of length one."""
    size = patterns.known.shape[1]
    mean, covariance = np.zeros((1, size)), np.eye(size)[None]
    n, first, second = (part[None] for part in patterns.sums(np.ones(len(patterns.values))))
    for _ in range(EM_STEPS):
        before = mean, covariance
        mean, covariance = _em_step(mean, covariance, patterns.known, n, first, second)
        if max(np.abs(mean - before[0]).max(), np.abs(covariance - before[1]).max()) < EM_CONVERGED:
            break
    return mean, covariance


def _em_step(
    mean: np.ndarray, covariance: np.ndarray, known: np.ndarray, n: np.ndarray, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One step of EM for many samples at once, from sums over the rows of each pattern of known values.

    With d = known values less their means (0 where missing) and C = Cov K, K the inverse of the covariance of the known
    values, a row's expected deviation from the mean is C d, and Cov - C Cov is what remains of its covariance.

    Args:
        mean: of shape (samples, size).
        covariance: of shape (samples, size, size).
        known: of shape (patterns, size), 1 where a value is known.
        n: number of rows, of shape (samples, patterns).
        first: sums of their values, (samples, patterns, size).
        second: sums of their products, (samples, patterns, size, size).

    Returns:
        The next mean and covariance.

    """
    coefficients, remaining = _conditional(covariance, known)
    centre = mean[:, None] * known
    cross = first[..., :, None] * centre[..., None, :]
    deviations = first - n[..., None] * centre
    products = second - cross - np.swapaxes(cross, -1, -2)
    products += n[..., None, None] * centre[..., :, None] * centre[..., None, :]
    total = n.sum(axis=1)
    shift = (coefficients @ deviations[..., None])[..., 0].sum(axis=1) / total[:, None]
    expected = coefficients @ products @ np.swapaxes(coefficients, -1, -2) + n[..., None, None] * remaining
    squares = expected.sum(axis=1) / total[:, None, None]
    return mean + shift, squares - shift[:, :, None] * shift[:, None, :]


def _conditional(covariance: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients C and remaining covariance of each sample and pattern, of shape (samples, patterns, size, size)."""
    both = known[:, :, None] * known[:, None, :]
    tiny = SMALLEST_VARIANCE * np.eye(known.shape[1])
    filled = covariance[:, None] * both + (np.eye(known.shape[1]) * (1 - known)[:, None, :]) + tiny
    coefficients = covariance[:, None] @ (np.linalg.inv(filled) * both)
    missing = (1 - known)[:, :, None] * (1 - known)[:, None, :]
    # A known value is itself, without the rounding errors of the product.
    is_known = known[:, :, None] == 1
    coefficients = np.where(is_known, np.eye(known.shape[1]), coefficients)
    return coefficients, (covariance[:, None] - coefficients @ covariance[:, None]) * missing


def _drawn(patterns: _Patterns, mean: np.ndarray, covariance: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Values of all rows, the missing ones drawn from their conditional normal distribution."""
    coefficients, remaining = (part[0] for part in _conditional(covariance[None], patterns.known))
    variances, vectors = np.linalg.eigh(remaining)
    roots = vectors * np.sqrt(np.maximum(variances, 0))[:, None, :]
    filled = patterns.values.copy()
    is_whole = np.asarray(patterns.known.min(axis=1) == 1)
    missing = np.flatnonzero(~is_whole[patterns.pattern])
    for start in range(0, len(missing), ROWS_AT_ONCE):
        rows = missing[start : start + ROWS_AT_ONCE]
        place = patterns.pattern[rows]
        known = patterns.known[place]
        deviations = np.append(filled[rows] - mean * known, random.standard_normal(known.shape), axis=1)
        both = np.append(coefficients, roots, axis=2)[place]
        filled[rows] = np.where(known == 1, filled[rows], mean + (both @ deviations[..., None])[..., 0])
    return filled


@dataclass(frozen=True)
class Pooled:
    """Estimates of all imputations together, with their standard errors and degrees of freedom."""

    estimate: np.ndarray
    std_error: np.ndarray
    df: np.ndarray


def pooled(estimates: np.ndarray, variances: np.ndarray, df: float) -> Pooled:
    """Rubin's rules: mean of the estimates; variance within the imputations plus (1 + 1/m) times that between them.

    Degrees of freedom are Barnard and Rubin's, which never exceed those of complete data. Where nothing was
    imputed, the one sample is the result.

    Args:
        estimates: of shape (imputations, quantities).
        variances: squared standard errors, of the same shape.
        df: degrees of freedom of complete data; infinite for a normal distribution.

    R: `mice::pool.scalar(estimates, variances, n = df + 1)`.
    Sources: Rubin 1987, Multiple Imputation for Nonresponse in Surveys; Barnard and Rubin 1999, Biometrika 86:948.

    """
    m = len(estimates)
    if m == 1:
        return Pooled(estimates[0], np.sqrt(variances[0]), np.full(estimates.shape[1], df))
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    total = within + (1 + 1 / m) * between
    with np.errstate(divide="ignore", invalid="ignore"):
        missing = np.where(total > 0, (1 + 1 / m) * between / total, np.nan)
        old = (m - 1) / missing**2
        observed = (1 - missing) * (df * (df + 1) / (df + 3) if np.isfinite(df) else np.inf)
        found = np.where(np.isinf(observed), old, np.where(np.isinf(old), observed, old * observed / (old + observed)))
    return Pooled(estimates.mean(axis=0), np.sqrt(total), found)

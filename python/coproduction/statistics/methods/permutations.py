"""Permutation p-values of contrasts by any way to permute, with enough permutations to be adjusted over a family."""

from collections.abc import Callable

import numpy as np

from coproduction.statistics.methods.inference import SIGNIFICANCE
from coproduction.statistics.methods.resampling import is_as_extreme, seed_of

# The permutation p of each contrast, for itself and for the maximum over its family, from a seed and a number.
PValues = Callable[[int, int], tuple[np.ndarray, np.ndarray]]


def enough_permutations(
    p_values_of: PValues, is_drawn: np.ndarray, seed: int, n_permutations: int, fewest: int
) -> dict[str, np.ndarray]:
    """Permutation p-values of each contrast, and the number of permutations behind them.

    Where the permutation p is the headline (`is_drawn`) and at most SIGNIFICANCE after the `fewest` permutations, it is
    drawn anew with n_permutations, enough to adjust it over its family. This does not raise the type I error.
    """
    first, first_max_t = p_values_of(seed, fewest)
    number = np.where(np.isnan(first), np.nan, float(fewest))
    is_redrawn = is_drawn & (first <= SIGNIFICANCE) & (n_permutations > number)
    if not is_redrawn.any():
        return {"p_value_randomisation": first, "p_value_max_t": first_max_t, "n_permutations": number}
    again, again_max_t = p_values_of(seed_of(seed, "family"), n_permutations)
    return {
        "p_value_randomisation": np.where(is_redrawn, again, first),
        "p_value_max_t": np.where(is_redrawn, again_max_t, first_max_t),
        "n_permutations": np.where(is_redrawn, n_permutations, number),
    }


def drawn_p_values(
    draw: Callable[[np.random.Generator, int], np.ndarray],
    observed: np.ndarray,
    in_family: np.ndarray,
    seed: int,
    n_permutations: int,
    n_at_once: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Permutation p of each contrast, for itself and for the maximum over its family, of any way to permute.

    Args:
        draw: gives |t| of shape (contrasts, number) for a number of permutations.
        observed: |t| of each contrast, NaN where it cannot be tested.
        in_family: the contrasts over which the maximum is taken.
        seed: of the permutations.
        n_permutations: their number.
        n_at_once: how many are drawn in one step.

    Returns:
        As `resampling.randomisation_p_values`.

    """
    is_testable, random = ~np.isnan(observed), np.random.default_rng(seed)
    in_family, compared = in_family & is_testable, np.where(is_testable, observed, np.inf)[:, None]
    n_as_extreme, n_max = np.zeros((2, len(observed)))
    for start in range(0, n_permutations, n_at_once):
        permuted = np.nan_to_num(draw(random, min(n_at_once, n_permutations - start)), nan=np.inf, posinf=np.inf)
        n_as_extreme += is_as_extreme(permuted, compared).sum(axis=1)
        n_max += is_as_extreme(permuted[in_family].max(axis=0, initial=-np.inf), compared).sum(axis=1)
    p_value, p_max_t = (1 + n_as_extreme) / (1 + n_permutations), (1 + n_max) / (1 + n_permutations)
    return np.where(is_testable, p_value, np.nan), np.where(in_family, p_max_t, np.nan)

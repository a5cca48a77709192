"""Independent streams of random integers, keyed by name, equal on every processor."""

import hashlib

import numpy as np

UNIT = 37837  # standard deviation of a latent: the sum of four uniform 16-bit integers


class Stream:
    """Integer draws from PCG64's raw output; adding an item to the plan changes no other item's draws."""

    def __init__(self, *key: object) -> None:
        """Seed the generator with a digest of the key: seed, council, theme, item."""
        digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))

    def below(self, bound: int, size: int) -> np.ndarray:
        """Draw `size` integers from 0 to bound - 1 (bound below 2**31), by multiplying and shifting 32 bits."""
        raw = self._bits.random_raw(size) >> np.uint64(32)
        return ((raw * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)

    def order(self, size: int) -> np.ndarray:
        """Draw a random order of 0 to size - 1."""
        return np.argsort(self.below(1 << 31, size), kind="stable")

    def shuffled(self, values: list) -> list:
        """Return the values in random order."""
        return [values[position] for position in self.order(len(values)).tolist()]

    def latent(self, size: int) -> np.ndarray:
        """Draw bell-shaped integers with mean 0 and standard deviation UNIT."""
        draws = self.below(1 << 16, 4 * size).reshape(4, size)
        return draws[0] + draws[1] + draws[2] + draws[3] - 2 * 65535

    def weighted(self, weights: list[int], size: int) -> np.ndarray:
        """Draw positions in `weights`, each with a probability proportional to its integer weight."""
        edges = np.cumsum(np.array(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(int(edges[-1]), size), side="right")


def ranked(latent: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give the lowest value to the lowest latent and so on: `values` is sorted, ties are ordered by position."""
    result = np.empty(len(latent), dtype=np.int64)
    result[np.argsort(latent, kind="stable")] = values
    return result


def quota(shares: dict[int, int], size: int) -> np.ndarray:
    """Return `size` sorted values whose frequencies are as close to the integer shares as possible."""
    total = sum(shares.values())
    counts = {value: size * share // total for value, share in shares.items()}
    rest = sorted(shares, key=lambda value: (-(size * shares[value] % total), value))
    for value in rest[: size - sum(counts.values())]:
        counts[value] += 1
    return np.repeat(np.array(sorted(counts), dtype=np.int64), [counts[value] for value in sorted(counts)])

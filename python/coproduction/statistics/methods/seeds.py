"""Seeds of permutations: the same on every machine and for every order of rows."""

import hashlib


def seed_of(*parts: object) -> int:
    """Seed from a hash of `parts`: what is permuted, and the keys of the group, so that no two groups share draws.

    Each part counts as its text; returns a whole number of 128 bits for numpy's default_rng.
    """
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16], "big")

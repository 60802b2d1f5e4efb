"""One stream of random numbers per subject, so that a change to one subject leaves the others as they were."""

import zlib

import numpy as np


def stream(seed: int, *subject: str | int) -> np.random.Generator:
    """The generator of one subject, for instance `stream(7, "patients", 3)`. `seed` >= 0."""
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, subject)).encode())])

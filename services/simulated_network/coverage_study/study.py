"""Runs the estimands over many seeds, in blocks that fit in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulated_network.coverage_study.estimands import ESTIMANDS, Estimand
from simulated_network.coverage_study.estimates import Coverage, Estimates, coverage_of

FEWEST_SEEDS = 2
_BLOCK = 50


def study(estimand: Estimand, seeds: int) -> Coverage:
    """Seeds 0 to `seeds` - 1, at least two."""
    blocks = [estimand.estimates(range(first, min(first + _BLOCK, seeds))) for first in range(0, seeds, _BLOCK)]
    return coverage_of(_joined(blocks), estimand.truth)


def chosen(names: Sequence[str]) -> list[Estimand]:
    """The estimands so called, or whose name begins so before a dot; all when none is named. ValueError if unknown."""
    for name in names:
        if not any(_is(estimand, name) for estimand in ESTIMANDS.values()):
            raise ValueError(f"--estimand {name}: there are {', '.join(ESTIMANDS)}")
    return [estimand for estimand in ESTIMANDS.values() if not names or any(_is(estimand, name) for name in names)]


def _is(estimand: Estimand, name: str) -> bool:
    return estimand.name == name or estimand.name.startswith(f"{name}.")


def _joined(blocks: list[Estimates]) -> Estimates:
    estimate, low, high = (np.concatenate(column) for column in zip(*(block[:3] for block in blocks), strict=True))
    oracles = [block.oracle for block in blocks if block.oracle is not None]
    return Estimates(estimate, low, high, np.concatenate(oracles) if oracles else None)

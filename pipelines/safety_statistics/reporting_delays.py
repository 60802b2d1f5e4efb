"""How much of what will be reported has been reported by now, from the delays of what has.

An event that takes long to be reported is not yet seen where the index session is recent: the delays that are seen are
right-truncated, and their plain distribution makes recent periods look too safe and too complete.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from safety_statistics.rates import Floats


@dataclass(frozen=True)
class ReportingDelays:
    """`known`: share of events reported within each of `delays`, rising to 1 at the longest. Both empty without events.

    Nothing is known of delays longer than the longest seen: the share is of the events reported within that time.
    """

    delays: Floats
    known: Floats

    def maturity(self, age_days: ArrayLike) -> Floats:
        """Share of its events that is expected to be known of a session so many days ago, 0 to 1; never falls with age.

        NaN where no event was ever reported or the age is missing; 0 for a session that is still to come.
        """
        age = np.asarray(age_days, dtype=np.float64)
        reached = np.searchsorted(self.delays, age, side="right")
        share = np.concatenate([[0.0 if len(self.delays) else np.nan], self.known])
        return np.where(np.isnan(age), np.nan, share[reached])


def reporting_delays(delay_days: ArrayLike, age_days: ArrayLike) -> ReportingDelays:
    """The distribution of delays, by the reverse-time product limit for right-truncated observations.

    `delay_days`: from the index session to the report; `age_days`: from the index session to the moment the data
    speak of; one entry an event. The share known within d is the product, over the delays u > d that were seen, of
    1 - (events with delay u) / (events with delay <= u of sessions u or more days old). Events that cannot be, negative
    or reported after that moment, are left out. Source: Lagakos, Barraj and De Gruttola 1988, Biometrika 75:515.
    """
    delay, age = np.broadcast_arrays(*(np.asarray(days, dtype=np.float64) for days in (delay_days, age_days)))
    seen = (delay >= 0) & (delay <= age) & np.isfinite(age)
    delay, age = delay[seen], age[seen]
    delays, reported = np.unique(delay, return_counts=True)
    # Of the events with a delay up to u, those younger than u could not have been seen had they taken u. As no
    # event takes longer than its age, they are all the events younger than u.
    at_risk = np.cumsum(reported) - np.searchsorted(np.sort(age), delays, side="left")
    remaining = 1 - reported / np.maximum(at_risk, 1)
    known = np.cumprod(np.append(remaining[1:], 1.0)[::-1])[::-1]
    return ReportingDelays(delays, known[: len(delays)].astype(np.float64))

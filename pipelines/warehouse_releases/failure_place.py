"""An unforeseen error in words that quote nothing: the kind of it, and the line it came from."""

import os
import traceback
from pathlib import Path

from warehouse_releases.segment_versions import SegmentTooNew


def failure_place(error: Exception) -> str:
    """Not its own words, unless they are ours: they may quote a value."""
    if isinstance(error, SegmentTooNew):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    # What the system says of a number is the same for every file: that the disk is full, for one.
    told = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__name__}{told} in {Path(last.filename).name}, line {last.lineno}"

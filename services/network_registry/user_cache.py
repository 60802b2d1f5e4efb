"""What can be made or fetched again at any time, once for all homes of a user."""

import os
from pathlib import Path


def user_cache() -> Path:
    """`meridian` in the user's cache (`XDG_CACHE_HOME`, else `~/.cache`)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "meridian"

"""`python -m control_room.benchmarks.stream_peers NAME GROUP`: one peer, until SIGTERM."""

import sys
from importlib import import_module

from control_room.benchmarks.stream_peers.given import given
from control_room.benchmarks.stream_ratios import PEERS

if __name__ == "__main__":
    name, group = sys.argv[1:]
    if name not in PEERS:
        sys.exit(f"no peer {name!r}")
    import_module(f"control_room.benchmarks.stream_peers.{name}").run(given(group))

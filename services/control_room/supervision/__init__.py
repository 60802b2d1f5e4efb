"""Keep the platform's processes alive on one machine: start in order, restart what dies, stop in order."""

from control_room.supervision.down import down
from control_room.supervision.states import is_steady, process_states
from control_room.supervision.up import start_detached, supervise, up

__all__ = ["down", "is_steady", "process_states", "start_detached", "supervise", "up"]

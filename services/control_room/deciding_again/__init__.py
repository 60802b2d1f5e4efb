"""Decide every event that the clinics' topics still hold again, with today's rules: `meridian rebuild --from topics`.

What comes out otherwise than the lake has it is passed on with the origin that it has always had, by the platform and
under its own name. Nothing is ever written to a clinic's topic: only the clinic speaks there.
"""

from control_room.deciding_again.rebuild import DecidedAgain, rebuild_from_topics

__all__ = ["DecidedAgain", "rebuild_from_topics"]

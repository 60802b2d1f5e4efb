"""`python -m control_room` is `meridian`: how the supervisor starts each process."""

from control_room.command_line import main

main()

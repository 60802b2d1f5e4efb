"""The command `meridian`, and what it runs on one machine: the broker, the supervisor, the demo."""

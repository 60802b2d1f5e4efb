"""`meridian demo`: the whole platform on a simulated network whose truth is known."""

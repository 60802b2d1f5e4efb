"""What `meridian bench` measures: each time against peers, in one run, as ratios."""

"""What every process tells of itself: its log and its metrics. Counts, codes and places; never what an event says."""

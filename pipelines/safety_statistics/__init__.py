"""Rates, funnels and comparisons for a network of clinics: vectorised, on scipy; knows nothing of events or tables."""

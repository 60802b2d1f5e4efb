"""A simulated network of clinics whose truth is known, and the judgement of what the platform found in it."""

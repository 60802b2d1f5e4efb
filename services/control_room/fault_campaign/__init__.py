"""Hurt a whole platform again and again while clinics publish, and judge from outside whether it lost anything."""

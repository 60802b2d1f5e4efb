"""The constants of disclosure control, here and nowhere else."""

# A cell, and its complement, rests on at least so many distinct patients. Source: the cell size policy of the Centers
# for Medicare and Medicaid Services (1 to 10 are never shown nor derivable).
MIN_PATIENTS = 11
# A cell across clinics is about at least so many clinics, and none of them is more than this share of it: a clinic must
# not read off another clinic's figures. Source: dominance rules, Hundepool et al. 2012, Statistical Disclosure Control.
MIN_CLINICS = 3
MAX_CLINIC_SHARE = 0.8
# Grades of an adverse event that make it serious whatever else is said. Source: ICH E2A, section II B.
SERIOUS_SEVERITIES = ("life_threatening", "fatal")
# What stays hidden may still be anything in a range at least so wide, given all that was ever shown.
MIN_WIDTH = 5.0

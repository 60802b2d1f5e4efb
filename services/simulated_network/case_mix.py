"""What patients come with, in which shares, where they are needled for it, and how they are asked how they fare."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Complaint:
    """A condition: its share of patients, the points most used for it, the score that follows it.

    `baseline`, `change` (per month) and `spread` are on the score's own scale. The change is what scores do over time
    in care, whatever its cause; nothing here says what acupuncture does.
    """

    condition: str
    share: float
    points: tuple[str, ...]
    goal: str
    instrument: str
    baseline: float
    change: float
    spread: float


def _complaint(
    condition: str, share: float, points: str, goal: str, score: tuple[str, float, float, float]
) -> Complaint:
    return Complaint(condition, share, tuple(points.split()), goal, *score)


_PAIN = ("nrs_pain", 6.0, -0.9, 1.7)
_MOOD = ("phq9", 13.0, -2.0, 4.0)
_SLEEP = ("isi", 16.0, -2.5, 4.0)
_WELL_BEING = ("who5", 44.0, 5.0, 14.0)

# Shares after Sherman 2005 (visits in two states of the USA): musculoskeletal 33 and 47 %, mental health about 9,
# nervous system about 11, respiratory about 6, digestive about 5, general about 11.
COMPLAINTS = (
    _complaint("low_back_pain", 0.17, "BL23 BL25 BL40 GB30 GB34 BL60 GV4 BL32 SI3 KI3 SP6", "pain", _PAIN),
    _complaint("neck_pain", 0.10, "GB20 GB21 BL10 SI3 LI4 TE5 GV14 SI11 LR3 GB34", "pain", _PAIN),
    _complaint("shoulder_pain", 0.07, "LI15 TE14 SI9 GB21 ST38 LI11 LI4 TE5 GB34", "pain", _PAIN),
    _complaint("knee_osteoarthritis", 0.07, "ST35 EX-LE5 SP9 SP10 GB34 ST36 KI3 BL40 LR3 SP6", "pain", _PAIN),
    _complaint("joint_pain", 0.04, "LI4 LR3 ST36 SP6 LI11 TE5 GB34", "pain", _PAIN),
    _complaint("migraine", 0.07, "GB20 EX-HN5 LR3 LI4 GV20 GB8 TE5 GB41 ST36", "pain", _PAIN),
    _complaint("tension_type_headache", 0.05, "GB20 EX-HN5 GV20 LI4 LR3 GB21 BL10 EX-HN3 ST36", "pain", _PAIN),
    _complaint("fibromyalgia", 0.02, "LI4 LR3 ST36 SP6 GV20 KI3 GB34", "pain", _PAIN),
    _complaint("chronic_pain", 0.03, "LI4 LR3 ST36 SP6 GV20 BL23 BL60", "pain", _PAIN),
    _complaint("anxiety", 0.05, "HT7 PC6 EX-HN3 GV20 LR3 SP6 KI3 CV17", "emotional_balance", _MOOD),
    _complaint("depression", 0.04, "LR3 HT7 PC6 GV20 EX-HN3 SP6 ST36 BL18", "emotional_balance", _MOOD),
    _complaint("stress", 0.03, "LR3 LI4 EX-HN3 PC6 GV20 ST36 HT7", "stress", ("nrs_stress", 6.5, -0.9, 1.7)),
    _complaint("insomnia", 0.04, "HT7 SP6 EX-HN3 GV20 KI3 PC6 BL15 EX-HN1", "sleep", _SLEEP),
    _complaint("allergic_rhinitis", 0.04, "LI20 EX-HN3 LI4 LU7 ST36 GB20 BL13 LI11", "well_being", _WELL_BEING),
    _complaint("asthma", 0.02, "LU7 BL13 CV17 LU9 ST40 KI3 CV22", "well_being", _WELL_BEING),
    _complaint("irritable_bowel_syndrome", 0.03, "ST25 CV12 ST36 SP6 LR3 CV6 BL25", "well_being", _WELL_BEING),
    _complaint("dyspepsia", 0.02, "CV12 ST36 PC6 SP4 BL20 BL21 ST25", "well_being", _WELL_BEING),
    _complaint("dysmenorrhoea", 0.03, "SP6 CV4 SP8 LR3 BL32 ST36 CV6", "pain", _PAIN),
    _complaint("infertility", 0.02, "CV4 SP6 ST36 KI3 EX-CA1 BL23 LR3", "quality_of_life", _WELL_BEING),
    _complaint("fatigue", 0.03, "ST36 CV6 KI3 SP6 GV20 BL20 BL23", "energy", ("nrs_energy", 3.5, 0.7, 1.6)),
    _complaint("wellness", 0.03, "ST36 LI4 LR3 GV20 KI3 SP6 CV6", "prevention", _WELL_BEING),
)

# Points that nearly every practitioner adds at times, whatever the complaint.
GENERAL_POINTS = ("LI4", "ST36", "SP6", "LR3", "GV20", "KI3", "PC6", "LI11", "EX-HN3", "CV12")

# How deep a needle usually goes, millimetres, by the region of the point; thin over the lung, the face, the fingers.
DEPTH_MM = {
    "head_face": 6.0, "neck": 14.0, "shoulder": 12.0, "chest": 7.0, "abdomen": 20.0, "upper_back": 9.0,
    "lower_back": 22.0, "arm": 14.0, "hand": 9.0, "thigh": 25.0, "lower_leg": 20.0, "foot": 10.0,
}  # fmt: skip


def draw_complaints(count: int, random: np.random.Generator) -> list[Complaint]:
    shares = np.array([complaint.share for complaint in COMPLAINTS])
    return [COMPLAINTS[number] for number in random.choice(len(COMPLAINTS), count, p=shares / shares.sum())]

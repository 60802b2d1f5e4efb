"""Which adverse events follow which session: what truly happens, and what of it comes to be known.

Each term has odds per session. True risk (of patient, practitioner, clinic, visit) multiplies the odds of every term;
the way of asking multiplies those of the terms that depend on it (vocabulary column `asking_dependent`) and no others.
"""

from dataclasses import dataclass

import numpy as np

from clinic_events.vocabularies import flagged_codes
from simulated_network.clinics import SimulatedClinic
from simulated_network.patients import Patient
from simulated_network.practitioners import Practitioner
from simulated_network.sessions import Session

# Sessions after which at least one event is reported, in a network in which nothing is planted (Baeumler 2021: 7.57 %).
SHARE_OF_SESSIONS = 0.07

# Relative odds per session, asked openly, after White 2001, MacPherson 2001, Furuse 2017 and Baeumler 2021.
TERM_ODDS = {
    "bleeding_minor": 0.017, "haematoma_bruise": 0.017, "vasovagal_presyncope": 0.001, "syncope": 0.00015,
    "forgotten_needle": 0.0001, "stuck_needle": 0.0002, "skin_allergy": 0.0001, "burn_cup_blister": 0.00005,
    "burn_moxa": 0.00003, "local_infection": 0.00001, "pneumothorax": 0.000002,
    "needle_site_pain_during": 0.004, "needle_site_pain_after": 0.001, "fatigue": 0.004, "drowsiness": 0.002,
    "aggravation_with_later_improvement": 0.003, "dizziness": 0.0015, "headache": 0.0006, "erythema_flare": 0.0006,
    "nausea": 0.0005, "paraesthesia": 0.0005, "sweating": 0.0004, "emotional_release": 0.0004, "anxiety_panic": 0.0002,
}  # fmt: skip

# How many times the odds of a term that depends on asking (AcupAE: six times with a checklist).
ELICITATION = {"checklist": 6.0, "open_question": 1.0, "spontaneous": 0.5, "not_asked": 0.3}

# MacPherson & Thomas 2005: odds ratios for negative reactions.
FEMALE, UNDER_40, SEES_OWN_DOCTOR, FIRST_VISIT, JUNIOR_PRACTITIONER = 1.58, 1.62, 1.30, 1.24, 1.24


@dataclass(frozen=True)
class Occasions:
    """The sessions of the network as columns: odds multipliers, and what is planted."""

    true_risk: np.ndarray
    elicitation: np.ndarray
    risk_ratio: np.ndarray
    share_reported: np.ndarray


def occasion(
    session: Session, clinic: SimulatedClinic, patient: Patient, practitioner: Practitioner
) -> tuple[float, float, float, float]:
    """One row of `Occasions`."""
    true_risk = clinic.true_risk * practitioner.true_risk * patient.true_risk
    true_risk *= FEMALE if patient.sex == "female" else 1.0
    true_risk *= UNDER_40 if patient.age < 40 else 1.0
    true_risk *= SEES_OWN_DOCTOR if patient.sees_own_doctor else 1.0
    true_risk *= FIRST_VISIT if session.is_first else 1.0
    true_risk *= JUNIOR_PRACTITIONER if practitioner.is_junior else 1.0
    elicitation = ELICITATION[session.asked] * clinic.elicitation
    return true_risk, elicitation, clinic.risk_ratio, clinic.share_reported


def draw_adverse_events(occasions: Occasions, random: np.random.Generator) -> list[tuple[int, str]]:
    """The reported events: (position of the session, term), in the order of the sessions."""
    terms = list(TERM_ODDS)
    known = probabilities(occasions) * planted_factors(occasions)
    happened, term = np.nonzero(random.random(known.shape) < known)
    return [(int(position), terms[number]) for position, number in zip(happened, term, strict=True)]


def probabilities(occasions: Occasions) -> np.ndarray:
    """Of each term (column) after each session (row), with nothing planted, scaled to `SHARE_OF_SESSIONS`."""
    odds = np.outer(occasions.true_risk, list(TERM_ODDS.values()))
    odds[:, _depends_on_asking()] *= occasions.elicitation[:, None]
    for _ in range(4):  # nearly linear: the fourth step changes nothing that matters
        any_event = 1 - np.prod(1 / (1 + odds), axis=1)
        odds *= SHARE_OF_SESSIONS / any_event.mean()
    return odds / (1 + odds)


def planted_factors(occasions: Occasions) -> np.ndarray:
    """What the plants do to each probability: risk on terms that do not depend on asking, reporting on all."""
    factors = np.repeat(occasions.share_reported[:, None], len(TERM_ODDS), axis=1)
    factors[:, ~_depends_on_asking()] *= occasions.risk_ratio[:, None]
    return factors


def _depends_on_asking() -> np.ndarray:
    dependent = flagged_codes("adverse_event_terms", "asking_dependent")
    return np.array([term in dependent for term in TERM_ODDS])

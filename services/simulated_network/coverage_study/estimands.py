"""What the study asks: each estimand with its population, its true value and the interval that is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from simulated_network.coverage_study import care_intervals as care
from simulated_network.coverage_study import trial_intervals as trial
from simulated_network.coverage_study.care import Network, Sessions, draw_sessions
from simulated_network.coverage_study.care_truth import (
    events_per_session,
    share_of_patients_with_event,
    share_of_sessions_with_event,
)
from simulated_network.coverage_study.estimates import Estimates
from simulated_network.coverage_study.trial import (
    MEAN_CHANGE,
    Cohort,
    Patients,
    draw_patients,
    responder_difference,
    responder_share,
)

Verdict = Literal["holds", "conservative", "fails"]


@dataclass(frozen=True)
class Estimand:
    """`expected`: what theory says of the interval here. `estimates`: for an iterable of seeds."""

    name: str
    measure: str
    interval: str
    population: str
    truth: float
    expected: Verdict
    estimates: Callable[[Iterable[int]], Estimates]


ALIKE = Network("all alike")
FRAIL = Network("practitioners and patients differ", practitioner_frailty=0.5, patient_frailty=1.0)
FEW = Network("8 practitioners in 2 clinics, who differ, as patients do", clinics=2, practitioners_per_clinic=4,
              patients=240, practitioner_frailty=0.5, patient_frailty=1.0)  # fmt: skip
FOUR = Network("4 practitioners in 2 clinics, who differ, as patients do", clinics=2, practitioners_per_clinic=2,
               patients=120, practitioner_frailty=0.5, patient_frailty=1.0)  # fmt: skip
SMALL = Network("one clinic with 40 patients; all alike", clinics=1, patients=40)
RARE = Network("3 events expected; practitioners and patients differ", events_per_session=0.000625,
               practitioner_frailty=0.5, patient_frailty=1.0)  # fmt: skip
RARE_ALIKE = Network("3 events expected; all alike", events_per_session=0.000625)
CLINICS = Network("clinics differ too", clinic_frailty=0.3, practitioner_frailty=0.2, patient_frailty=1.0)

PATIENTS_ALIKE = Cohort("all complete; practitioners alike")
PRACTITIONERS = Cohort("all complete; practitioners differ", practitioner_sd=8.0)
BY_CHANCE = Cohort("one in four drops out by chance", dropout=0.25)
BY_OUTCOME = Cohort("who fares worse drops out more", dropout=0.25, by_change=(1.0, 1.0))
FRAIL_BY_OUTCOME = Cohort("practitioners differ, and who fares worse drops out more", practitioner_sd=8.0,
                          dropout=0.25, by_change=(1.0, 1.0))  # fmt: skip
ARMS = Cohort("randomised; all complete", patients=200, effect=-5.0)
ARMS_FRAIL = Cohort("randomised within practitioners, who differ", patients=200, effect=-5.0, practitioner_sd=8.0)
ARMS_APART = Cohort("each practitioner, who differ, treats one arm only", patients=200, effect=-5.0,
                    practitioner_sd=8.0, one_arm_each=True)  # fmt: skip
ARMS_BASELINE = Cohort("randomised; drop-out by baseline", patients=200, effect=-5.0, dropout=0.25, by_baseline=1.0)
ARMS_OUTCOME = Cohort("randomised; who fares worse drops out, in the other arm only", patients=200, effect=-5.0,
                      dropout=0.25, by_change=(0.0, 1.5))  # fmt: skip

POISSON, BINOMIAL = "exact Poisson, counting error only", "Clopper-Pearson, counting error only"
CLUSTERED, BY_CLINIC = "by practitioner and patient", "by clinic and patient"


def _of_care(
    name: str,
    interval: str,
    network: Network,
    expected: Verdict,
    method: Callable[[Sessions], Estimates],
) -> Estimand:
    measure, truth = _CARE_MEASURES[name.split(".")[0]]
    return Estimand(name, measure, interval, network.says, truth(network), expected,
                    lambda seeds: method(draw_sessions(network, seeds)))  # fmt: skip


def _of_trial(
    name: str,
    interval: str,
    cohort: Cohort,
    expected: Verdict,
    method: Callable[[Patients], Estimates],
) -> Estimand:
    measure, truth = _TRIAL_MEASURES[name.split(".")[0]]
    return Estimand(name, measure, interval, cohort.says, truth(cohort), expected,
                    lambda seeds: method(draw_patients(cohort, seeds)))  # fmt: skip


_CARE_MEASURES: dict[str, tuple[str, Callable[[Network], float]]] = {
    "event_rate": ("events per session", events_per_session),
    "sessions_with_event": ("share of sessions with an event", share_of_sessions_with_event),
    "patients_with_event": ("share of patients with an event", share_of_patients_with_event),
}

_TRIAL_MEASURES: dict[str, tuple[str, Callable[[Cohort], float]]] = {
    "mean_change": ("mean change from baseline", lambda _: MEAN_CHANGE),
    "responders": ("share of responders", responder_share),
    "arm_difference": ("difference of arms, adjusted for baseline", lambda cohort: cohort.effect),
    "responder_difference": ("difference of responder shares", responder_difference),
}

_OF_CARE = [
    _of_care("event_rate.exact.alike", POISSON, ALIKE, "holds", care.event_rate_exact),
    _of_care("event_rate.clustered.alike", CLUSTERED, ALIKE, "conservative", care.event_rate_clustered),
    _of_care("event_rate.exact.frail", POISSON, FRAIL, "fails", care.event_rate_exact),
    _of_care("event_rate.clustered.frail", CLUSTERED, FRAIL, "holds", care.event_rate_clustered),
    _of_care("event_rate.clustered.few", CLUSTERED, FEW, "holds", care.event_rate_clustered),
    _of_care("event_rate.clustered.four", CLUSTERED, FOUR, "conservative", care.event_rate_clustered),
    _of_care("event_rate.exact.rare_alike", POISSON, RARE_ALIKE, "conservative", care.event_rate_exact),
    _of_care("event_rate.clustered.rare", CLUSTERED, RARE, "conservative", care.event_rate_clustered),
    _of_care("event_rate.clustered.clinics", CLUSTERED, CLINICS, "fails", care.event_rate_clustered),
    _of_care("event_rate.by_clinic.clinics", BY_CLINIC, CLINICS, "holds", care.event_rate_clustered_by_clinic),
    _of_care("sessions_with_event.exact.alike", BINOMIAL, ALIKE, "holds", care.sessions_with_event_exact),
    _of_care("sessions_with_event.exact.frail", BINOMIAL, FRAIL, "fails", care.sessions_with_event_exact),
    _of_care("sessions_with_event.clustered.frail", CLUSTERED, FRAIL, "holds", care.sessions_with_event_clustered),
    _of_care("patients_with_event.exact.small", BINOMIAL, SMALL, "conservative", care.patients_with_event_exact),
    _of_care("patients_with_event.exact.frail", BINOMIAL, FRAIL, "fails", care.patients_with_event_exact),
    _of_care("patients_with_event.clustered.frail", CLUSTERED, FRAIL, "fails", care.patients_with_event_clustered),
    _of_care(
        "patients_with_event.by_clinic.frail", BY_CLINIC, FRAIL, "holds", care.patients_with_event_clustered_by_clinic
    ),
]

_OF_TRIALS = [
    _of_trial("mean_change.clustered.frail", CLUSTERED, PRACTITIONERS, "holds", trial.mean_change_clustered),
    _of_trial("mean_change.clustered.frail_by_outcome", CLUSTERED + "; completers", FRAIL_BY_OUTCOME, "fails",
              trial.mean_change_clustered),
    _of_trial("responders.exact.alike", BINOMIAL, PATIENTS_ALIKE, "holds", trial.responder_share_exact),
    _of_trial("responders.exact.frail", BINOMIAL, PRACTITIONERS, "fails", trial.responder_share_exact),
    _of_trial("responders.clustered.frail", CLUSTERED, PRACTITIONERS, "holds", trial.responder_share_clustered),
    _of_trial("responders.completers.by_chance", BINOMIAL + "; completers", BY_CHANCE, "holds",
              trial.responder_share_exact),
    _of_trial("responders.completers.by_outcome", BINOMIAL + "; completers", BY_OUTCOME, "fails",
              trial.responder_share_exact),
    _of_trial("responders.over_all.by_outcome", BINOMIAL + "; over all with a baseline", BY_OUTCOME, "fails",
              trial.responder_share_over_all),
    _of_trial("responders.bounds.by_outcome", BINOMIAL + "; from worst to best case", BY_OUTCOME, "conservative",
              trial.responder_share_bounds),
    _of_trial("responders.bounds.frail_by_outcome", CLUSTERED + "; from worst to best case", FRAIL_BY_OUTCOME,
              "conservative", trial.responder_share_clustered_bounds),
    _of_trial("arm_difference.complete", "analysis of covariance", ARMS, "holds", trial.arm_difference_adjusted),
    _of_trial("arm_difference.frail", "analysis of covariance", ARMS_FRAIL, "holds", trial.arm_difference_adjusted),
    _of_trial("arm_difference.one_arm_each", "analysis of covariance", ARMS_APART, "fails",
              trial.arm_difference_adjusted),
    _of_trial("arm_difference.by_baseline", "analysis of covariance", ARMS_BASELINE, "holds",
              trial.arm_difference_adjusted),
    _of_trial("arm_difference.by_outcome", "analysis of covariance", ARMS_OUTCOME, "fails",
              trial.arm_difference_adjusted),
    _of_trial("responder_difference.complete", "Newcombe", ARMS, "holds", trial.responder_difference_newcombe),
]  # fmt: skip

ESTIMANDS: dict[str, Estimand] = {estimand.name: estimand for estimand in _OF_CARE + _OF_TRIALS}

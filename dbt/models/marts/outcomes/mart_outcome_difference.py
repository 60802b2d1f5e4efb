"""Analysis of covariance for every registered study, instrument and month; see the model's description."""

import pandas as pd

from safety_statistics.covariance_analysis import adjusted_difference

TYPES = {
    "study": "string",
    "instrument": "string",
    "month": "int32",
    "n": "int64",
    "difference": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "arm": "string",
    "reference_arm": "string",
    "better": "string",
    "design": "string",
    "patients_with_baseline": "int64",
    "completion_share": "float64",
    "clinics": "int64",
    "largest_clinic_share": "float64",
    "smaller_arm": "int64",
}
COMPARED = ["study", "reference_arm", "design", "instrument", "better", "month"]
WITH_BASELINE = ["study", "instrument", "arm"]


def model(dbt, session):
    """Every registered study, instrument and month after baseline; no row where there are too few patients."""
    dbt.config(materialized="table")
    changes = dbt.ref("study_outcome_changes").filter("reference_arm is not null").df()
    at_baseline = changes[changes["month"] == 0].groupby(WITH_BASELINE).size()
    compared = changes[changes["month"] > 0].groupby(COMPARED)
    rows = [
        row
        for key, scores in compared
        for row in comparisons(dict(zip(COMPARED, key, strict=True)), scores, at_baseline)
    ]
    return pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)


def comparisons(compared, scores, at_baseline):
    """The reference arm against each other arm."""
    study, instrument, reference_arm = (compared[name] for name in ("study", "instrument", "reference_arm"))
    in_reference = scores["arm"] == compared["reference_arm"]
    for arm in sorted(scores.loc[~in_reference, "arm"].unique()):
        row = difference(scores[in_reference | (scores["arm"] == arm)], compared)
        if row is not None:
            expected = sum(at_baseline[study, instrument, each] for each in (reference_arm, arm))
            completed = {"patients_with_baseline": expected, "completion_share": row["n"] / expected}
            yield {**compared, "arm": arm, **row, **completed}


def difference(scores, compared):
    """Reference arm minus the other: positive favours the treatment where low is better, negative where high is."""
    fit = adjusted_difference(
        scores["value"],
        scores["arm"] == compared["reference_arm"],
        numbers={name: scores[name] for name in ("baseline", "age_years", "chronicity_years")},
        categories={name: scores[name].fillna("not_recorded") for name in ("sex", "diagnosis")},
    )
    if fit is None:
        return None
    clinics = scores.groupby("clinic_id").size()
    behind = {
        "clinics": len(clinics),
        "largest_clinic_share": clinics.max() / clinics.sum(),
        "smaller_arm": scores.groupby("arm").size().min(),
    }
    return {"n": fit.patients, "difference": fit.difference, "ci_low": fit.low, "ci_high": fit.high, **behind}

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
}
COMPARED = ["study", "reference_arm", "instrument", "better", "month"]


def model(dbt, session):
    """Every registered study, instrument and month after baseline; no row where there are too few patients."""
    dbt.config(materialized="table")
    changes = dbt.ref("outcome_changes").filter("month > 0 and study <> 'none'").df()
    studies = dbt.ref("studies").df().rename(columns={"study_id": "study"})
    compared = changes.merge(studies, on="study").groupby(COMPARED)
    rows = [row for key, scores in compared for row in comparisons(dict(zip(COMPARED, key, strict=True)), scores)]
    return pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)


def comparisons(compared, scores):
    """The reference arm against each other arm."""
    in_reference = scores["arm"] == compared["reference_arm"]
    for arm in sorted(scores.loc[~in_reference, "arm"].unique()):
        row = difference(scores[in_reference | (scores["arm"] == arm)], compared)
        if row is not None:
            yield {**compared, "arm": arm, **row}


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
    return {"n": fit.patients, "difference": fit.difference, "ci_low": fit.low, "ci_high": fit.high}

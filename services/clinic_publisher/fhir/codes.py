"""From the codes that FHIR systems send to those of the network's vocabularies. What is not listed passes as it is."""

import re

from clinic_events.vocabularies import codes, vocabulary
from clinic_publisher.fhir.elements import Elements

LOINC = "http://loinc.org"
CPT = "http://www.ama-assn.org/go/cpt"
NETWORK = "https://meridian.example/fhir/CodeSystem/"

# Total scores; each code was looked up at loinc.org.
INSTRUMENTS_BY_LOINC = {"44261-6": "phq9", "70274-6": "gad7", "72514-3": "nrs_pain"}
# CPT's four codes for needling one on one; the last two with electrical stimulation.
ACUPUNCTURE_CPT = {"97810": False, "97811": False, "97813": True, "97814": True}

_ACUPUNCTURE = re.compile(r"acupunct", re.IGNORECASE)
_DENIED = re.compile(r"\b(no|non|not|without|declined|refused)\b[\s\-]*(?:\w+\s+)?\w*acupunct", re.IGNORECASE)
ELECTRICAL = re.compile(r"electro\W?acupunct", re.IGNORECASE)

SEXES = {"female": "female", "male": "male", "other": "other", "unknown": "unknown"}
OUTCOMES = {
    "resolved": "recovered", "recovering": "recovering", "ongoing": "not_recovered",
    "resolvedWithSequelae": "recovered_with_sequelae", "fatal": "fatal", "unknown": "unknown",
}  # fmt: skip
# HL7's codes of seriousness, in lower case, beside `serious` and `non-serious`.
SERIOUSNESS = {
    "seriousresultsindeath": "death", "seriousislifethreatening": "life_threatening",
    "seriousresultsinhospitalization": "hospitalisation", "seriousresultsindisability": "disability",
    "seriousisbirthdefect": "congenital_anomaly", "seriousrequirespreventimpairment": "medically_important",
}  # fmt: skip
CAUSALITIES = {
    "Certain": "certain", "Probably-Likely": "probable", "Possible": "possible", "Unlikely": "unlikely",
    "Conditional-Classified": "conditional", "Unassessable-Unclassifiable": "unassessable",
}  # fmt: skip

# In which order a code is chosen where a concept has several.
_CONDITION_SYSTEMS = (f"{NETWORK}conditions", "http://id.who.int/icd/release/11/mms", "http://hl7.org/fhir/sid/icd-11",
                      "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")  # fmt: skip


def codings(concept: Elements) -> list[tuple[str, str, str]]:
    """System, code and display of each coding, and the concept's text as a display of its own. All of it counts as
    taken: a text says in words what the codes say."""
    found = [
        (str(coding.take("system") or ""), str(coding.take("code") or ""), str(coding.take("display") or ""))
        for coding in concept.all("coding")
    ]
    return [*found, ("", "", str(concept.take("text") or ""))]


def peeked(concept: Elements) -> list[str]:
    """Displays and text of a concept, none of which counts as taken for that."""
    displays = [str(coding.peek("display") or "") for coding in concept.all("coding")]
    return [*displays, str(concept.peek("text") or "")]


def says_acupuncture(words: list[str]) -> bool:
    """Whether one of them says acupuncture, and does not say that there was none."""
    return any(_ACUPUNCTURE.search(word) is not None and _DENIED.search(word) is None for word in words)


def code_of(concept: Elements, vocabulary_name: str) -> str | None:
    """A code of the vocabulary if one is there, else the first code, which will be flagged; None without any."""
    given = [code for _, code, _ in codings(concept) if code]
    return next((code for code in given if code in codes(vocabulary_name)), given[0] if given else None)


def condition_code(concept: Elements) -> str | None:
    """The network's own code before ICD-11 before ICD-10 before whatever else."""
    given = [(system, code) for system, code, _ in codings(concept) if code]
    for wanted in _CONDITION_SYSTEMS:
        if found := next((code for system, code in given if system == wanted), None):
            return found
    return given[0][1] if given else None


def instrument_of(concept: Elements) -> str | None:
    """The outcome instrument that an observation's code names, by the network's code or by LOINC."""
    for system, code, _ in codings(concept):
        if code in codes("outcome_instruments"):
            return code
        if system == LOINC and code in INSTRUMENTS_BY_LOINC:
            return INSTRUMENTS_BY_LOINC[code]
    return None


def measurement_of(concept: Elements) -> str | None:
    """The coded measurement, by the network's code or by LOINC."""
    by_loinc = {row["loinc"]: code for code, row in vocabulary("measurements").items() if row["loinc"]}
    for system, code, _ in codings(concept):
        if code in codes("measurements"):
            return code
        if system == LOINC and code in by_loinc:
            return by_loinc[code]
    return None

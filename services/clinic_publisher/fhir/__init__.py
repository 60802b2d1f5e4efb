"""The FHIR R4 door: resources of a practice system become events of the network; docs/fhir.md is its page."""

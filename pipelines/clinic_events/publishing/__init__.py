"""What a stranger reads of the contracts: schemas, AsyncAPI, pages, and a conformance kit, all from the same types."""

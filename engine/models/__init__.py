"""One file per model; each ends in its declaration and is found by `engine.models.contract.models`."""

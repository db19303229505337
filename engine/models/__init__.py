"""One file per model; each ends in its declaration and is found by `engine.contract.models`."""

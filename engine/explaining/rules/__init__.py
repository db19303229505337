"""One small file per family of operations; found by `engine.explaining.rules.contract.rules`."""

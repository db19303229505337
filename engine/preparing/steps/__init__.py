"""Steps that make one series out of another, each a file that declares a STEP and is found by itself."""

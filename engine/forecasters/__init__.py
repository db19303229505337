"""One forecaster a file: whatever, fitted on a past, says what comes next. Each ends in `FORECASTERS = (...)`."""

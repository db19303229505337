"""Imported by a process that others are forked from: it finds every forecaster and model, once for all of them."""

from engine.contract import models
from engine.forecasting import forecasters

forecasters()
models()

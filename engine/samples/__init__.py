"""Series to start with, each one call away."""

from engine.samples.catalogue import Sample, sample, samples

__all__ = ["Sample", "sample", "samples"]

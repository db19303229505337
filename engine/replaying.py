"""Any update exactly as it was: replayed from the nearest kept state before it. Knows no particular model."""

from __future__ import annotations

from itertools import islice

from engine.models.contract import models
from engine.nouns.frame import Frame
from engine.nouns.trace import Trace


def restore(trace: Trace, step: int) -> Frame:
    """The frame after update `step`, its state included, bit for bit where torch and the machine are the same.

    KeyError where that update was not recorded.
    """
    frame = trace.frame(step)
    if frame.state is not None:
        return frame
    nearest = next(at for at in range(step - 1, -1, -1) if trace.state(at) is not None)
    replayed = models()[trace.run.model].fit(trace.run, trace.series, trace.frame(nearest))
    return next(islice(replayed, step - nearest - 1, None))

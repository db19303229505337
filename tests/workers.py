"""Workers in processes of their own, and waiting for what they do. Knows no test."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from contextlib import contextmanager

from engine.nursery import PRELOAD
from engine.worker import work

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(PRELOAD)


def until(condition, seconds=120):
    """Wait for it; say what was waited for when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@contextmanager
def working(path):
    """A worker in a process of its own; what is left of it is killed."""
    process = forks.Process(target=work, args=(path,))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def fingerprints(trace, first=0):
    """What each recorded update holds from the first on, as one digest per update."""
    names, steps = sorted(trace.signals), trace.steps[trace.steps >= first]
    stacks = [trace.stack(name, steps) for name in names]
    return {
        int(step): hashlib.sha256(b"".join(stack[n].tobytes() for stack in stacks)).hexdigest()
        for n, step in enumerate(steps)
    }

"""What grids are tested with: small tasks that processes can find. Know no forecaster."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from engine.errors import Lesson
from engine.saying import say


def square(number):
    return number * number


def crash(number):
    """1 is a lesson, 2 an error, 3 a killed process, 4 takes a minute; the rest is squared."""
    if number == 1:
        raise Lesson("It is one.", "Others are not.", "Take two.")
    if number == 2:
        raise RuntimeError("inside")
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 4:
        time.sleep(60)
    return number * number


def where(number):  # noqa: ARG001
    """Which process it was, and which of two modules that had before."""
    return os.getpid(), "colorsys" in sys.modules, "wave" in sys.modules


def in_parts(number):
    """Says four times how far it is, and is heard each time."""
    for done in range(1, 5):
        say(done, 4)
        time.sleep(0.3)
    return number


def counted(folder, number):
    """Leaves a file for every time it was called."""
    Path(folder, f"{number}-{time.time_ns()}").touch()
    return number


def knows(module):
    """Whether somebody had imported it before."""
    return module in sys.modules

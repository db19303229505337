"""A nursery gives way while it is born, and no longer than until somebody asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine import sessions

GROUPS = Path("/proc/self/autogroup").exists()


@pytest.mark.skipif(not GROUPS, reason="this system does not share its processors out by session")
def test_a_session_gives_way_and_takes_part_again():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    place = Path(f"/proc/{process.pid}/autogroup")
    try:
        told = [place.read_text().split()[-1]]
        for change in (sessions.give_way, sessions.take_part):
            change(process.pid)
            told.append(place.read_text().split()[-1])
    finally:
        process.communicate(b"\n")
    assert told[1] == "19"
    assert told[2] in ("0", "19")  # Linux lets a person change it ten times a second
    sessions.give_way(process.pid)  # it is gone: nothing happens

"""Temporary folders are gone when their process is, however it ended."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from engine import leavings
from engine.nursery import ROOT


def ended() -> int:
    """The id of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_only_folders_of_dead_processes_are_swept(tmp_path):
    dead, living = tmp_path / f"unrolled-{ended()}-a_b3", tmp_path / f"unrolled-{os.getpid()}-abc"
    others = [tmp_path / name for name in ("unrolled-notes", "unrolled-", f"other-{ended()}-abc")]
    for folder in (dead, living, *others):
        folder.mkdir()
        (folder / "answers-1").touch()
    leavings.sweep(tmp_path)
    assert {*tmp_path.iterdir()} == {living, *others}


def test_a_link_to_a_folder_is_never_followed(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / f"unrolled-{ended()}-abc").symlink_to(kept)
    leavings.sweep(tmp_path)
    assert kept.exists()


def test_a_folder_names_its_process_and_goes_with_it():
    with leavings.folder() as folder:
        assert Path(folder).name.startswith(f"unrolled-{os.getpid()}-")
        leavings.sweep(Path(tempfile.gettempdir()))
        assert Path(folder).exists()
    assert not Path(folder).exists()


def test_the_folder_of_a_server_that_was_killed_goes_with_its_nursery(tmp_path):
    folder = tmp_path / "addresses"
    folder.mkdir()
    (folder / "answers-1").touch()
    orders_end_at_once = subprocess.DEVNULL
    subprocess.run(
        [sys.executable, "-m", "engine.nursery", str(folder)], cwd=ROOT, stdin=orders_end_at_once, check=True
    )
    assert not folder.exists()

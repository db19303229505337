"""`python -m engine.estimating FOLDER` answers the study that was asked there. Prints nothing."""

import sys
from pathlib import Path

from filelock import Timeout

from engine import control
from engine.estimating.answer import work
from engine.estimating.study import Study

if __name__ == "__main__":
    study = Study(Path(sys.argv[1]))
    try:
        with control.lock(study.folder / "asked.json").acquire(timeout=0):
            work(study)
    except Timeout:  # another process is at it
        pass

"""`python -m engine.comparing FOLDER compare|leaks [SCHEDULER]`: works on a comparison that was planned there."""

import sys
from pathlib import Path

from engine.comparing.keeping import Kept
from engine.comparing.working import work

if __name__ == "__main__":
    folder, kind, *scheduler = sys.argv[1:]
    work(Kept(Path(folder)), "leaks" if kind == "leaks" else "compare", next(filter(None, scheduler), None))

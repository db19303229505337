"""`python -m engine.comparing FOLDER compare|leaks|many [SCHEDULER]`: works on a comparison that was planned there."""

import sys
from pathlib import Path
from typing import get_args

from engine.comparing.keeping import Kept, Kind
from engine.comparing.working import work

if __name__ == "__main__":
    folder, kind, *scheduler = sys.argv[1:]
    (known,) = [one for one in get_args(Kind) if one == kind]
    work(Kept(Path(folder)), known, next(filter(None, scheduler), None))

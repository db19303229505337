"""`python -m engine.recipes FOLDER` does what was asked there. Prints nothing."""

import sys
from pathlib import Path

from engine.comparing.keeping import Kept
from engine.recipes.booking import work

if __name__ == "__main__":
    work(Kept(Path(sys.argv[1])))

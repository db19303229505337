"""`python -m engine.explaining RUNFILE STEP PLACE` prints how one number came about, as JSON."""

from __future__ import annotations

import json
import sys

from engine.errors import Lesson
from engine.explaining.asking import as_json, explain
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from engine.training.device import settle


def main(arguments: list[str]) -> int:
    """Print the explanation; return 0, or 1 with a lesson on stderr."""
    try:
        runfile, step, place = arguments
        settle()
        with Trace(runfile) as trace:
            answer = as_json(explain(trace, int(step), Place.parse(place)))
    except Lesson as lesson:
        sys.stderr.write(f"{lesson}\n")
        return 1
    except (ValueError, KeyError) as error:
        sys.stderr.write(f"Usage: python -m engine.explaining RUNFILE STEP PLACE ({error})\n")
        return 2
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

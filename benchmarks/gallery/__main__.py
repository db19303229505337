"""The twelve pictures on three series, three widths, light and dark. `python -m benchmarks.gallery OUT [SERIES ...]`

SERIES: samples or files, by default AirPassengers, co2 and, where the project's data are, an hourly one. Trains a few
short runs for each, photographs every picture, and says what in them lies on each other, is cut or too pale to read.
--runs FOLDER keeps the runs, so that another call need not train them; --only, --widths and --schemes do a part.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.gallery.photographing import SCHEMES, WIDTHS, photograph, placed, prepared
from benchmarks.gallery.rehearsing import SERIES, listed, opened, rehearse
from tests.browser.serving import chromium, served

APP = "benchmarks/gallery/app.py"
PATIENCE = 180_000  # milliseconds


def asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("out", type=Path)
    words.add_argument("series", nargs="*", default=SERIES)
    words.add_argument("--runs", type=Path)
    words.add_argument("--only", default="", help="a part of the pictures' names")
    words.add_argument("--widths", type=int, nargs="*", default=WIDTHS)
    words.add_argument("--schemes", nargs="*", default=SCHEMES)
    return words.parse_args()


def shown(chosen: argparse.Namespace, folder: Path) -> int:
    """Photographs all that was asked for, prints what is amiss, and returns of how many pictures."""
    amiss = 0
    with served(APP, folder) as address, chromium() as browser:
        page = browser.new_page(color_scheme="light")
        page.set_default_timeout(PATIENCE)
        for name in chosen.series:
            listed(folder, rehearse(opened(name)))
            prepared(page, address, max(chosen.widths))
            # Only ever narrower: Plotly leaves a legend where it stood when a figure grows wider.
            for width in sorted(chosen.widths, reverse=True):
                for scheme in chosen.schemes:
                    placed(page, width, scheme)
                    to = chosen.out / f"{Path(name).stem}-{scheme}-{width}"
                    for picture, words in photograph(page, to, chosen.only).items():
                        amiss += bool(words)
                        for said in words:
                            print(f"{to.name}-{picture}: {said}", flush=True)
    return amiss


def main() -> None:
    chosen = asked()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.runs or Path(passing)
        os.environ["UNROLLED_RUNS"] = str(folder)
        print(f"{shown(chosen, folder)} pictures have something amiss")


if __name__ == "__main__":
    main()

"""The engine. Imported before all its parts, it settles what OpenBLAS asks only once; it knows none of them."""

from __future__ import annotations

import os

# Read when scipy loads OpenBLAS. Two threads collapse as soon as a browser uses the other core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""The engine. Imported before all its parts, it settles what OpenBLAS asks only once; it knows none of them.

OpenBLAS reads these when scipy loads it. One thread, because two collapse as soon as a browser uses the other core.
And its kernels for AVX-512 on AMD processors that have it: the release that scipy 1.17 brings does not know Zen 5
and takes those for AVX2, which are two to three times slower on the matrices of a small network.
"""

from __future__ import annotations

import os
from pathlib import Path

AVX_512 = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def _settle_openblas() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    processor = Path("/proc/cpuinfo")
    words = set(processor.read_text().split()) if processor.exists() else set()
    if words >= AVX_512 | {"AuthenticAMD"}:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


_settle_openblas()

"""`python -m engine.kernels` compiles every kernel, so that training need not wait for it. Trains nothing."""

from __future__ import annotations

import os

from engine.kernels.compiling import compile_all, ready

if __name__ == "__main__" and not ready():
    if hasattr(os, "nice"):
        os.nice(10)
    compile_all()

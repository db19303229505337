"""How kernels are compiled, and where the result is kept. Knows no kernel.

Compiling takes ten seconds and more; a process that finds the result on disk loads it in a tenth of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from filelock import FileLock
from llvmlite import binding

HERE = Path(__file__).resolve().parent
F = TypeVar("F", bound=Callable[..., Any])


def _folder() -> Path | None:
    """Where this source, compiled for this processor, is kept; None where nothing can be kept.

    numba looks at the file that holds a kernel and not at those it calls, so an old result would outlive a change
    there: hence a folder per state of the source.
    """
    of = [
        numba.__version__,
        platform.python_version(),
        binding.get_host_cpu_name(),
        *map(str, binding.get_host_cpu_features().items()),
    ]
    source = "".join(file.read_text() for file in sorted(HERE.glob("*.py")))
    name = hashlib.sha256("\n".join([*of, source]).encode()).hexdigest()[:16]
    # Never a folder that others may write to: numba unpickles what it finds there.
    for home in (HERE / "__pycache__", Path.home() / ".cache" / "unrolled"):
        with contextlib.suppress(OSError):
            (home / name).mkdir(parents=True, exist_ok=True)
            if os.access(home / name, os.W_OK):
                return home / name
    return None


FOLDER = _folder()
if FOLDER:
    numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]


def compiled(**more: Any) -> Callable[[F], F]:
    """The decorator of every kernel."""
    # error_model: Python's check for a division by zero would keep a loop from being vectorised.
    # contract: a product and a sum become one instruction; the order of operations stays, so the bits repeat.
    options = {"cache": FOLDER is not None, "error_model": "numpy", "fastmath": {"contract"}, **more}
    return cast(Callable[[F], F], numba.njit(**options))


def ready() -> bool:
    """Whether every kernel lies compiled on disk."""
    return FOLDER is not None and (FOLDER / "ready").exists()


def compile_all() -> None:
    """Compile every kernel and keep the result; who comes second waits for the first."""
    from engine.kernels import innovations, learning, recurrence

    with FileLock(FOLDER / "lock") if FOLDER else contextlib.nullcontext():
        for module in (innovations, recurrence, learning):
            module.rehearse()
        if FOLDER:
            (FOLDER / "ready").touch()


def compile_in_background() -> None:
    """Have it done by another process, which gives way to everything else."""
    if FOLDER and not ready():
        subprocess.Popen([sys.executable, "-m", "engine.kernels"], cwd=HERE.parent.parent, start_new_session=True)

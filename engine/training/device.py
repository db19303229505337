"""Where training happens: the one place that chooses GPU or CPU, threads, the allocator and the path."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform

from engine.kernels.path import Compiled, Path
from engine.lazy import torch
from engine.training.network import Tap, untouched

THREADS = 1  # two threads collapse as soon as a browser uses the other core


def device() -> torch.device:
    """The GPU when there is one, else the CPU; UNROLLED_DEVICE=cpu asks for the CPU."""
    wanted = os.environ.get("UNROLLED_DEVICE", "cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(wanted)


_tap: Tap = untouched


def settle(path: Path = "plain") -> None:
    """Prepare this process for training on that path; call before the first tensor."""
    global _tap
    _tap = Compiled() if path == "compiled" else untouched
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats its bits only with this
    torch.set_num_threads(THREADS)
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Tell glibc not to hand pages back between updates: 1.7x faster at hidden 128, batch 256."""
    if platform.libc_ver()[0] != "glibc":
        return
    trim_threshold, mmap_threshold, arena_max = -1, -3, -8
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(mmap_threshold, 1 << 30)
        libc.mallopt(trim_threshold, (1 << 31) - 1)
        libc.mallopt(arena_max, 1)


def tap() -> Tap:
    """What training passes its signals through: on the compiled path, one that lets a layer be one kernel."""
    return _tap


def facts() -> dict[str, object]:
    """What else decides the bits of a training, for the run file."""
    chosen = device()
    name = torch.cuda.get_device_name(chosen) if chosen.type == "cuda" else platform.processor() or platform.machine()
    path = "compiled" if isinstance(_tap, Compiled) else "plain"
    blas = os.environ.get("OPENBLAS_CORETYPE", "its own choice")  # of kernels, which the compiled path multiplies with
    return {
        "device": chosen.type, "device_name": name, "threads": torch.get_num_threads(), "torch": torch.__version__,
        "path": path, "openblas": blas,
    }  # fmt: skip

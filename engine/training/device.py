"""Where training happens: the one place that chooses GPU or CPU, threads, the allocator and the path."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_limits

from engine.kernels import path as kernels
from engine.lazy import torch
from engine.training.network import Tap, untouched

THREADS = 1  # two threads collapse as soon as a browser uses the other core


def device() -> torch.device:
    """The GPU when there is one, else the CPU; UNROLLED_DEVICE=cpu asks for the CPU."""
    wanted = os.environ.get("UNROLLED_DEVICE", "cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(wanted)


_path: kernels.Path = "plain"
_tap: Tap = untouched


def settle(path: kernels.Path = "plain") -> None:
    """Prepare this process for training on that path; call before the first tensor."""
    _take(path)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats its bits only with this
    torch.backends.cudnn.allow_tf32 = False  # 13 bits of each number would be lost
    torch.backends.cudnn.deterministic = True
    torch.set_num_threads(THREADS)
    threadpool_limits(THREADS)  # numpy's BLAS: with two threads a SARIMA takes up to 20 times as long
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
    """What training passes its signals through: off the plain path, one that lets a layer be one kernel."""
    return _tap


def path() -> kernels.Path:
    """The path that trainings which begin now take, where their network can."""
    return _path


def possible(path: object) -> kernels.Path:
    """That path where this machine can take it, else the plain one."""
    for known in kernels.PATHS:
        if path == known and device().type == "cpu" and kernels.available():
            return known
    return "plain"


@contextlib.contextmanager
def on(path: kernels.Path) -> Iterator[None]:
    """Trainings that begin within take that path."""
    before = _path
    _take(path)
    try:
        yield
    finally:
        _take(before)


def _take(path: kernels.Path) -> None:
    global _path, _tap
    if path != _path:
        _path, _tap = path, untouched if path == "plain" else kernels.Compiled()


def facts() -> dict[str, object]:
    """What else decides the bits of a training, for the run file."""
    chosen = device()
    name = torch.cuda.get_device_name(chosen) if chosen.type == "cuda" else _processor()
    return {
        "device": chosen.type, "device_name": name, "threads": torch.get_num_threads(), "torch": torch.__version__,
        "path": _path, **(_of_kernels() if _path != "plain" else {}),
    }  # fmt: skip


def _of_kernels() -> dict[str, object]:
    """Who compiles them, and which arithmetic OpenBLAS, which they multiply with, was asked for."""
    return {"numba": version("numba"), "openblas": os.environ.get("OPENBLAS_CORETYPE", "its own choice")}


def _processor() -> str:
    """The CPU's own name: Linux calls every PC "x86_64", and other instructions round otherwise."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

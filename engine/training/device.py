"""Where training happens: the one place that chooses GPU or CPU, threads and the allocator."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from pathlib import Path

from threadpoolctl import threadpool_limits

from engine.lazy import torch

THREADS = 1  # two threads collapse as soon as a browser uses the other core


def device() -> torch.device:
    """The GPU when there is one, else the CPU; UNROLLED_DEVICE=cpu asks for the CPU."""
    wanted = os.environ.get("UNROLLED_DEVICE", "cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(wanted)


def settle() -> None:
    """Prepare this process for training; call once, before the first tensor."""
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


def facts() -> dict[str, object]:
    """What else decides the bits of a training, for the run file."""
    chosen = device()
    name = torch.cuda.get_device_name(chosen) if chosen.type == "cuda" else _processor()
    return {"device": chosen.type, "device_name": name, "threads": torch.get_num_threads(), "torch": torch.__version__}


def _processor() -> str:
    """The CPU's own name: Linux calls every PC "x86_64", and other instructions round otherwise."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

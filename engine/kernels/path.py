"""The paths of training: plain torch, layers compiled as a whole, or whole updates. Computes nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import torch

Path = Literal["plain", "compiled", "fused"]
"""In which order they came to be, each faster than the one before. A run keeps the one it began with."""
PATHS: tuple[Path, ...] = get_args(Path)
Kernel = Literal["rnn", "lstm"]


_held: ContextVar[bool | None] = ContextVar("held", default=None)


def no_kernel(settings: Any) -> Kernel | None:  # noqa: ARG001
    """What is declared where there is no compiled layer for any settings."""
    return None


def slower(*paths: Path) -> Path:
    """The path that all can take who can take these."""
    return min(paths, key=PATHS.index)


class Compiled:
    """The tap of compiled training: since nobody looks between the time steps, a layer may be one kernel.

    layers: (a layer's weights by their plain names, sequence (B, T, F)) -> h at every time step, the last state.
    """

    def __init__(self) -> None:
        from engine.kernels import recurrence

        self.layers: dict[Kernel, Any] = {"rnn": recurrence.rnn, "lstm": recurrence.lstm}

    def __call__(self, name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:  # noqa: ARG002
        return value


def available() -> bool:
    """Whether the compiled path can be taken here, if need be after compiling."""
    try:
        from engine.kernels import compiling  # noqa: F401
    except ImportError:
        return False
    return True


def ready() -> bool:
    """Whether the compiled path can be taken without delay."""
    held = _held.get()
    if held is not None:
        return held
    if not available():
        return False
    from engine.kernels import compiling

    return compiling.ready()


@contextmanager
def steady() -> Iterator[None]:
    """Work inside the block is not surprised by kernels that become ready meanwhile: its bits can be compared."""
    token = _held.set(ready())
    try:
        yield
    finally:
        _held.reset(token)


def make_ready() -> None:
    """Compile what is not compiled yet, which takes some ten seconds."""
    from engine.kernels import compiling

    compiling.compile_all()

"""The two paths of training: plain torch, or layers compiled as a whole. Computes nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch

Path = Literal["plain", "compiled"]


class Compiled:
    """The tap of compiled training: since nobody looks between the time steps, a layer may be one kernel.

    rnn, lstm: (a layer's weights by their plain names, sequence (B, T, F)) -> h at every time step, the last state.
    """

    def __init__(self) -> None:
        from engine.kernels import recurrence

        self.rnn, self.lstm = recurrence.rnn, recurrence.lstm

    def __call__(self, name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:  # noqa: ARG002
        return value


def ready() -> bool:
    """Whether the compiled path can be taken without delay."""
    try:
        from engine.kernels import compiling
    except ImportError:
        return False
    return compiling.ready()


def make_ready() -> None:
    """Compile what is not compiled yet, which takes some ten seconds."""
    from engine.kernels import compiling

    compiling.compile_all()

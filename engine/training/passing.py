"""What passes the taps of a network, found by passing something through it once. Knows no particular network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.lazy import torch
from engine.nouns.frame import Signal
from engine.nouns.run import Run
from engine.training.head import columns, read_out
from engine.training.network import Ahead, Network


@dataclass(frozen=True)
class Passing:
    """taps: every signal by name, the recorded ones and the others.

    top: the tap that the forecast is read from, so that one can be read at every time step; None where there is none.
    """

    taps: dict[str, Signal]
    top: str | None


def passing(network: Network, run: Run) -> Passing:
    """Of this network with this run's decisions."""
    return _passing(network, run.model_dump_json())


@lru_cache(maxsize=256)
def _passing(network: Network, run_json: str) -> Passing:
    run = Run.model_validate_json(run_json)
    settings = network.settings.model_validate(run.settings)
    declared = network.tapped(settings, run)
    seen: dict[str, list[torch.Tensor]] = {}
    found: dict[str, Signal] = {}

    def note(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:
        steps = value.unbind(1) if t is None and value.ndim == 3 else [value]
        seen.setdefault(name, []).extend(steps)
        shape = (value.shape[-1],) if t is None and value.ndim == 2 else (len(seen[name]), value.shape[-1])
        along = "step ahead" if name.startswith("decoder") else "time"
        found[name] = declared.get(name) or Signal(name, (along, "unit")[-len(shape) :], shape)
        return value

    weights = {name: torch.from_numpy(start) for name, start in network.initial(settings, run).items()}
    steps = (run.window,) if settings.every else ()
    ahead = Ahead(torch.zeros(1, *steps, run.horizon, len(run.known_ahead)))
    inputs = torch.linspace(-1, 1, run.window * columns(run)).reshape(1, run.window, -1)
    with torch.no_grad():  # not on torch's meta device, which takes 1.3 s to import its kernels
        forecast = network.forward(settings, weights, inputs, note, ahead)
        tops = [name for name, signal in found.items() if signal.axes[0] == "time" and "W_y" in weights]
        tops = [name for name in tops if seen[name][-1].shape[-1] == weights["W_y"].shape[1]]
        last = forecast[:, -1] if settings.every else forecast
        read = {name: read_out(weights, seen[name][-1]) for name in tops}
    same = [name for name, value in read.items() if value.shape == last.shape and torch.allclose(value, last)]
    return Passing(found, same[-1] if same else None)

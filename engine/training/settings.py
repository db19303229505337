"""The decisions that every network shares. Loads no torch: pages make their forms from these."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from engine.nouns.run import Decisions


class NetworkSettings(Decisions):
    """How large a network is and how it is trained."""

    hidden: int = Field(32, ge=1, le=512)
    """Units in each layer (channels in a CNN)."""
    layers: int = Field(1, ge=1, le=4)
    """How many layers lie on top of each other."""
    updates: int = Field(300, ge=1, le=100_000)
    """How many times the weights are changed."""
    batch: int = Field(32, ge=1, le=4096)
    """How many windows each update learns from."""
    optimiser: Literal["adam", "momentum", "sgd"] = "adam"
    """The rule that turns a gradient into a change of the weights."""
    learning_rate: float = Field(0.01, gt=0, le=1e6)
    """How large a step each update takes."""
    clip: float = Field(1.0, ge=0)
    """The gradient is cut to this; 0 leaves it as it is."""
    clip_by: Literal["norm", "value"] = "norm"
    """What is cut: the whole gradient's length, which keeps its direction, or each of its numbers by itself."""
    loss: Literal["mse", "mae", "huber"] = "mse"
    """What an error costs: its square, its size, or its square up to one deviation and its size beyond."""
    schedule: Literal["constant", "step", "cosine"] = "constant"
    """How the learning rate changes: not at all, down by a factor now and then, or smoothly down to zero."""
    warmup: int = Field(0, ge=0)
    """Over how many updates the learning rate first rises to its value."""
    decay: float = Field(0.5, gt=0, le=1)
    """The factor of the step schedule."""
    decay_every: int = Field(100, ge=1)
    """After how many updates the step schedule applies its factor again."""
    patience: int = Field(0, ge=0)
    """Stop once validation was measured this often without a new best; 0 never stops early."""
    judged_by: Literal["loss", "mae"] = "loss"
    """What validation measures: the loss of the forecasts, or the mean size of every error that is learned from."""

    came_later: ClassVar[tuple[str, ...]] = ("judged_by",)

    @property
    def every(self) -> bool:
        """Whether there is a forecast at every time step of the window, and not only at its end."""
        return False

    @property
    def truth_fed(self) -> float:
        """At which share of the updates a decoder is fed the truth and not its own output."""
        return 0.0

"""Run: everything that was decided before training began. Its id is the hash of its JSON."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

FORKS_HAVE = ("parent", "forked_at", "changed")


class Decisions(BaseModel):
    """A frozen set of decisions: unknown names are refused, defaults are written out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
    came_later: ClassVar[tuple[str, ...]] = ()
    """Decisions that runs of earlier versions did not have: where nothing else is chosen they are not written."""

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return self._chosen(write(self))

    def _chosen(self, written: dict[str, Any]) -> dict[str, Any]:
        unchosen = {n for n in self.came_later if getattr(self, n) == type(self).model_fields[n].default}
        return {name: value for name, value in written.items() if name not in unchosen}


class Change(Decisions):
    """One number of the past that a fork changed."""

    what: Literal["weight", "value"]
    """A parameter's number, or a value of the series."""
    name: str = ""
    """The parameter; empty for a value of the series."""
    index: tuple[int, ...]
    """Where in the parameter, or which value of the series."""
    was: float
    became: float


class Run(Decisions):
    """What was decided: the same Run on the same machine and library versions gives the same Trace."""

    series: str
    """The hash of the Series it was decided for."""
    model: str
    """The model's name, such as "lstm"."""
    settings: dict[str, JsonValue]
    """The model's own settings, written out in full by its Settings class."""
    window: int = Field(48, ge=1, le=2000)
    """How many past values the model sees."""
    horizon: int = Field(12, ge=1, le=1000)
    """How many values ahead it forecasts."""
    validation: int = Field(24, ge=1)
    """How many values at the end are kept from training, to judge the forecast by."""
    apart: bool = False
    """Whether it is judged only by windows that lie wholly in the validation part, or by all that end in it."""
    test: int = Field(0, ge=0)
    """How many values after those are kept from training and from judging alike, for a last look."""
    transform: Literal["none", "log", "box-cox"] = "none"
    """What is done to the values first; undone in every forecast. The exponent of Box-Cox is found on the training
    part."""
    difference: int = Field(0, ge=0, le=2)
    """How often a network is shown changes from one value to the next in place of values."""
    seasonal_difference: int = Field(0, ge=0, le=1)
    """How often it is shown changes from the value one season before."""
    scaling: Literal["standard", "robust", "range", "power of ten", "none"] = "standard"
    """By what values are scaled: mean and deviation, median and quartiles, lowest and highest, the power of ten above
    their mean size, or nothing. All of the training part."""
    anchor: Literal["level", "change"] = "change"
    """What a network is shown: the values, or their change from the last value of the window."""
    covariates: tuple[str, ...] = ()
    """The columns beside the target that a network is shown."""
    known_ahead: tuple[str, ...] = ()
    """Those of them whose values over the horizon it is told as well."""
    seed: int = Field(0, ge=0)
    """Where the random numbers start: initial weights and the order of the windows."""

    came_later: ClassVar[tuple[str, ...]] = ("apart", "test", "difference", "seasonal_difference", "scaling")

    parent: Run | None = None
    """The run that this one was forked from, whole: what an update was made under can always be told."""
    forked_at: int | None = Field(None, ge=0)
    """The last update of the parent that it shares; changed settings hold from the next one on."""
    changed: tuple[Change, ...] = ()
    """The weights and values that are other than in the parent."""

    @model_validator(mode="after")
    def _parent_and_update_go_together(self) -> Run:
        if (self.parent is None) != (self.forked_at is None) or (self.changed and self.parent is None):
            raise ValueError("a fork has a parent and the update it was forked at")
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """An ordinary run is written, and hashed, as if there were no forks and nothing of what came later."""
        written = self._chosen(write(self))
        return written if self.parent else {n: v for n, v in written.items() if n not in FORKS_HAVE}

    @property
    def forks(self) -> tuple[int, ...]:
        """The updates at which it and its parents were forked: their states are never thinned out."""
        return () if self.parent is None or self.forked_at is None else (self.forked_at, *self.parent.forks)

    @property
    def id(self) -> str:
        """16 hexadecimal digits, the same for the same decisions."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

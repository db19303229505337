"""Run: everything that was decided before training began. Its id is the hash of its JSON."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Decisions(BaseModel):
    """A frozen set of decisions: unknown names are refused, defaults are written out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


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
    transform: Literal["none", "log"] = "none"
    """What is done to the values first; undone in every forecast."""
    anchor: Literal["level", "change"] = "change"
    """What a network is shown: the values, or their change from the last value of the window."""
    covariates: tuple[str, ...] = ()
    """The columns beside the target that a network is shown."""
    known_ahead: tuple[str, ...] = ()
    """Those of them whose values over the horizon it is told as well."""
    seed: int = Field(0, ge=0)
    """Where the random numbers start: initial weights and the order of the windows."""

    @property
    def id(self) -> str:
        """16 hexadecimal digits, the same for the same decisions."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

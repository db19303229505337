"""Names for the numbers of one pass: places for tensors, and tensors for places. Knows no rule and no file.

What the network taps has its own name; what lies between is named after it, by the module beside.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from engine.errors import Lesson
from engine.explaining.movements import Index, Movements
from engine.explaining.tape import Tape
from engine.nouns.explanation import PROBE, Part, Place

LOSS, FORECAST = "loss", "forecast"


@dataclass
class Named:
    """Tensors under one name. axes: of the number's place, the window's and the time's among them.

    tensors: by time step, or under None where one tensor holds all. own: it was named by the network, the data or
    the loop; else it lies between two that were.
    """

    name: str
    axes: tuple[str, ...]
    own: bool
    tensors: dict[int | None, torch.Tensor] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        one = next(iter(self.tensors.values()))
        if None in self.tensors:
            return tuple(one.shape)
        return (one.shape[0], len(self.tensors), *one.shape[1:])


class Names:
    """Places for tensors and tensors for places, of one pass.

    windows: how many windows went through. probe: it was the probe window alone. axes: what the rows of a tapped
    signal are called. weights: the part of the update at which this pass read its weights.
    """

    def __init__(self, tape: Tape, movements: Movements, windows: int, *, probe: bool, weights: Part) -> None:
        self.tape, self.movements = tape, movements
        self.windows, self.probe, self.weights = windows, probe, weights
        self.arrays: dict[str, Named] = {}
        self.parameters: set[str] = set()
        self.aliases: dict[int, list[tuple[Named, int | None, torch.Tensor]]] = defaultdict(list)

    def call(
        self, name: str, tensor: torch.Tensor, axes: tuple[str, ...], t: int | None = None, *, window: bool = True
    ) -> None:
        """Give a tensor (B, ...) its own name, or the part of a signal at time step t; without `window` no axis is B.

        axes: what the other axes are called, the time's first; where they are more or fewer, they have no names.
        """
        rank = tensor.dim() - window + (t is not None)
        axes = (*(("window",) if window else ()), *(axes if len(axes) == rank else ("",) * rank))
        named = self.arrays.setdefault(name, Named(name, axes, True))
        named.tensors[t] = tensor
        for home in self._homes(tensor):
            self.aliases[id(home)].append((named, t, tensor))

    def place(self, tensor: torch.Tensor, index: Index, part: Part = "value") -> Place:
        """The place of a number, by the tensor and index where it was made."""
        for named, t, alias in self.aliases[id(tensor)]:
            where = self.movements.find(alias, tensor, index)
            if where is not None:
                return self._placed(named, where, t, part)
        raise KeyError(f"a number of shape {tuple(tensor.shape)} on the tape leads nowhere and has no name")

    def ordered(self) -> list[Named]:
        """All arrays: what was given, then what was made, in the order of the tape."""
        turns = {
            id(out): turn
            for turn, op in enumerate(self.tape.operations, 1)
            for out in (*op.outputs, *op.beside.values())
        }
        return sorted(self.arrays.values(), key=lambda n: min(turns.get(id(t), 0) for t in n.tensors.values()))

    def is_own(self, tensor: torch.Tensor, index: Index) -> bool:
        """The number was named by the network, the data or the loop."""
        own = [alias for named, _, alias in self.aliases[id(tensor)] if named.own]
        return any(alias is tensor or self.movements.find(alias, tensor, index) is not None for alias in own)

    def canonical(self, place: Place) -> Place:
        """The same place with its axes named."""
        named = self._known(place)
        axes = named.axes[1:] if named.axes[:1] == ("window",) else named.axes
        more = ("use",) if place.part == "share" else ()
        return dataclasses.replace(place, axes=(*axes, *more)[: len(place.index)])

    def _known(self, place: Place) -> Named:
        if place.array not in self.arrays:
            raise _unknown(place, self.arrays)
        return self.arrays[place.array]

    def _placed(self, named: Named, where: Index, t: int | None, part: Part) -> Place:
        index = where if t is None else (*where[:1], t, *where[1:])
        axes, window = named.axes, None
        if axes[:1] == ("window",):
            window, index, axes = index[0], index[1:], axes[1:]
        if named.name in self.parameters and part == "value":
            return Place(named.name, index, axes, self.weights)
        return Place(named.name, index, axes, part, PROBE if self.probe else window)

    def number(self, place: Place) -> tuple[torch.Tensor, Index] | None:
        """The tensor and index where the number of a place was made; None for padding. Raises Lesson."""
        return self.movements.home(*self.entry(place))

    def entry(self, place: Place) -> tuple[torch.Tensor, Index]:
        """The tensor and index that a place names. Raises Lesson where there is none."""
        named, index = self._known(place), place.index
        if named.axes[:1] == ("window",):
            index = (0 if place.window in (PROBE, None) else int(place.window or 0), *index)
        if len(index) != len(named.axes) or any(not 0 <= i < n for i, n in zip(index, named.shape, strict=True)):
            raise _outside(place, named)
        if None in named.tensors:
            return named.tensors[None], index
        if index[1] not in named.tensors:
            raise _outside(place, named)
        return named.tensors[index[1]], (*index[:1], *index[2:])

    def _homes(self, tensor: torch.Tensor) -> list[torch.Tensor]:
        """The tensors whose numbers stand in this one."""
        made = self.tape.maker.get(id(tensor))
        if made is None or not made[0].moves:
            return [tensor]
        homes = {id(home): home for one in made[0].inputs for home in self._homes(one)}
        return list(homes.values())


def _unknown(place: Place, arrays: Mapping[str, Named]) -> Lesson:
    return Lesson(
        f"This network has no numbers called “{place.array}”.",
        f"It has {', '.join(name for name, named in arrays.items() if named.own)}.",
        "Choose one of them, or one of the numbers between them.",
    )


def _outside(place: Place, named: Named) -> Lesson:
    axes = ", ".join(f"{axis or 'axis'} {size}" for axis, size in zip(named.axes, named.shape, strict=True))
    return Lesson(
        f"“{place}” lies outside “{named.name}”.",
        f"Its sizes are {axes or '1: it is a single number'}.",
        "Choose a smaller position on each axis.",
    )

"""Gradients as worked numbers: each is the sum, over what its number went into, of gradient there times slope.

Reverse accumulation as in Rumelhart, Hinton and Williams 1986, written out. Knows no lesson.
"""

from __future__ import annotations

from typing import Any

from engine.explaining.formula import Formula, plus
from engine.nouns.explanation import Place
from engine.working.number import Worked
from engine.working.sheet import Sheet
from engine.working.slope import ZERO, product, slope


class Backward:
    """The way back from one number, usually the loss; gradients are worked out as they are asked for.

    known: the gradients found so far, by the key of the number each is by.
    shares: what each use of a weight adds to its gradient becomes a number of its own.
    """

    def __init__(self, sheet: Sheet, loss: Worked, shares: bool = True) -> None:
        self.sheet, self.loss, self.shares = sheet, loss, shares
        self._before = self._ancestors(loss)
        self.known: dict[str, Worked] = {}
        sheet.ways_back.append(self)

    def _ancestors(self, loss: Worked) -> set[str]:
        """What the loss was made of. A weight is where the way back ends, also one that an update or a copy made."""
        found, waiting = {loss.key}, [loss.key]
        while waiting:
            number = self.sheet.numbers[waiting.pop()]
            new = set(number.operands) - found if number.role != "weight" else set()
            found |= new
            waiting.extend(new)
        return found

    def to(self, *numbers: Any) -> Any:
        """The gradient by a number, or by each of an array's (as `Cells`); of several, the first's is returned."""
        return [
            {index: self.by(one) for index, one in number.items()} if isinstance(number, dict) else self.by(number)
            for number in numbers
        ][0]

    def by(self, number: Worked) -> Worked:
        """dL/dnumber. What it needs of other gradients is worked out before it."""
        if number.key not in self.known:
            uses = [self.sheet.numbers[key] for key in self.sheet.uses.get(number.key, ()) if key in self._before]
            users = [user for user in uses if user.role != "weight"]
            terms = [self._through(user, number) for user in users]
            if self.shares and number.role == "weight" and len(users) > 1:
                terms = [self._share(user, number, term) for user, term in zip(users, terms, strict=True)]
            kept = [term for term in terms if term != ZERO]
            place = Place(self.sheet.marked(number.base), number.place.index, part="gradient")
            self.known[number.key] = self.sheet.keep(place, number.base, plus(*kept) if kept else ZERO)
        return self.known[number.key]

    def _through(self, user: Worked, number: Worked) -> Formula:
        """What comes back through one use of the number: gradient above times local slope."""
        local = slope(user.made, number.place, user.formula) if user.made is not None else ZERO
        if user is self.loss or local == ZERO:
            return local
        return product(self.by(user).formula, local)

    def _share(self, user: Worked, number: Worked, term: Formula) -> Formula:
        """The term as a number of its own, placed by the weight's index and what else tells its uses apart."""
        known = self.sheet.axes(number.base)
        told = [n for n, axis in zip(user.place.index, self.sheet.axes(user.base), strict=False) if axis not in known]
        name = f"{self.sheet.marked(number.base)}/{user.base}"
        place = Place(name, (*number.place.index, *told), part="share")
        return self.sheet.keep(place, number.base, term).formula

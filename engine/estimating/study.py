"""A study of one series by SARIMA in a process of its own: asked, under way, found. The page reads its folder.

`python -m engine.estimating FOLDER` does the work: it loads statsmodels, which no page may. Draws nothing.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field
from pydantic.types import JsonValue

from engine import control, runs
from engine.errors import Lesson
from engine.models.sarima import SarimaSettings
from engine.nouns.frame import Array
from engine.nouns.series import Series

ROOT = Path(__file__).resolve().parents[2]


class Asked(SarimaSettings):
    """What is asked: the orders of a SARIMA, or a search for them."""

    transform: Literal["none", "log"] = "none"
    """What is done to the values first; undone in every forecast."""
    auto: bool = True
    """Search for the orders; those given are then not asked."""
    thorough: bool = False
    """Search longer: more beginnings, and neighbours two changes away."""
    horizon: int = Field(12, ge=1, le=1000)
    """How many values ahead it forecasts."""


@dataclass(frozen=True)
class Study:
    """One study, by its folder."""

    folder: Path

    @property
    def asked(self) -> Asked:
        return Asked.model_validate_json((self.folder / "asked.json").read_text())

    @property
    def series(self) -> Series:
        with np.load(self.folder / "series.npz", allow_pickle=False) as kept:
            return Series.restore(json.loads(str(kept["head"])), kept["stamps"], kept["values"], kept["covariates"])

    def start(self) -> None:
        """Have a process work on it; where one does, or it is done and was not stopped, nothing happens."""
        found = self._read("found.json")
        if self.alive() or (found and not found.get("stopped")):
            return
        for name in ("found.json", "cancel", "lesson.json", "going.json"):
            (self.folder / name).unlink(missing_ok=True)
        command = [sys.executable, "-m", "engine.estimating", str(self.folder.resolve())]
        with (self.folder / "said.txt").open("ab") as said:
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                       start_new_session=True)  # fmt: skip
        for folder in [folder for folder, child in _children.items() if child.poll() is not None]:
            del _children[folder]  # asking reaps the dead
        _children[str(self.folder.resolve())] = process
        self.tell({"tried": 0})

    def alive(self) -> bool:
        """Whether a process works on it now, or is being born."""
        return control.alive(self.folder / "asked.json") or any(
            child.poll() is None and folder == str(self.folder.resolve()) for folder, child in _children.items()
        )

    def cancel(self) -> None:
        """Ask it to end: a search then gives the best it has seen."""
        (self.folder / "cancel").touch()

    def cancelled(self) -> bool:
        return (self.folder / "cancel").exists()

    def tell(self, going: dict[str, JsonValue]) -> None:
        """How far it is: how many orders were tried, and the best of them."""
        self._write("going.json", going)

    def going(self) -> dict[str, Any] | None:
        return self._read("going.json")

    def keep(self, said: dict[str, Any], arrays: dict[str, Array]) -> None:
        """What was found; the numbers first, since the page waits for the words."""
        np.savez(self.folder / "found.npz", **arrays)  # type: ignore[arg-type]
        self._write("found.json", said)

    def refuse(self, lesson: Lesson) -> None:
        """Why nothing was found."""
        self._write("lesson.json", {"lesson": [lesson.happened, lesson.expected, lesson.mend]})

    def found(self) -> tuple[dict[str, Any], dict[str, Array]] | None:
        """Words and arrays, or None where it is not done. Raises the Lesson that it ended in."""
        refused = self._read("lesson.json")
        if refused:
            raise Lesson(*refused["lesson"])
        said = self._read("found.json")
        if said is None:
            return None
        with np.load(self.folder / "found.npz", allow_pickle=False) as arrays:
            return said, dict(arrays)

    def _write(self, name: str, said: dict[str, Any]) -> None:
        part = self.folder / f"{name}.part"
        part.write_text(json.dumps(said, ensure_ascii=False))
        part.replace(self.folder / name)  # whole or not at all

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            return dict(json.loads((self.folder / name).read_text()))
        except FileNotFoundError:
            return None


_children: dict[str, subprocess.Popen[bytes]] = {}


def place(series: Series, asked: Asked) -> Path:
    """The folder of this question on this series, there or not."""
    text = json.dumps([series.hash, asked.model_dump(mode="json")], sort_keys=True)
    return runs.folder() / "studies" / hashlib.sha256(text.encode()).hexdigest()[:16]


def study(series: Series, asked: Asked) -> Study:
    """The study in that folder, which is made if it is not there."""
    folder = place(series, asked)
    if not (folder / "asked.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        covariates = np.asarray(series.covariates.values)
        np.savez(folder / "series.npz", head=json.dumps(series.head()), stamps=series.stamps, values=series.values,
                 covariates=covariates)  # fmt: skip
        (folder / "asked.json").write_text(asked.model_dump_json())
    return Study(folder)

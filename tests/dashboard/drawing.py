"""A picture of a run as it stands at one update. Knows no test."""

from __future__ import annotations

from dashboard.views.contract import Scene, parts, views
from dashboard.views.filling import picture_at


def filled(scene: Scene, view: str, part: int = 0, step: int = 4, time: int = 7, unit: int = 2, **chosen: str) -> tuple:
    return picture_at(scene, parts(views()[view].picture(scene, chosen))[part], step, time, unit).data

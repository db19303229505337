"""What cannot be read of a part of a page: texts that lie on each other, are cut, or are too pale. Knows no page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page

GATHER = Path(__file__).with_name("legible.js").read_text("utf-8")
TOUCH = 1.5  # pixels by which two boxes may reach into each other
ENOUGH, ENOUGH_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3
LARGE, LARGE_BOLD = 24.0, 18.66  # pixels, likewise
NEAR = 48  # of 255, in each channel: as near to a text's own colour as its edges come
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """One line. corners: (4, 2), in pixels of the window, in order around it. cut: by what, or ""."""

    words: str
    corners: Numbers
    cut: str
    colour: str
    opacity: float
    size: float
    bold: bool

    @property
    def enough(self) -> float:
        """The contrast it needs."""
        return ENOUGH_LARGE if self.size >= (LARGE_BOLD if self.bold else LARGE) else ENOUGH


def amiss(page: Page, part: Locator, kept: Path | None = None) -> list[str]:
    """All that cannot be read there, in words. kept: where its picture shall lie."""
    part.evaluate("(element) => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = part.bounding_box()
    if box is None:
        return ["is not there"]
    picture = page.screenshot(clip=box, path=kept)
    seen = part.evaluate(GATHER)
    texts = [Text(**{**one, "corners": np.array(one["corners"], float)}) for one in seen["texts"]]
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float)
    found = [*collisions(texts), *cuts(texts), *(f"wider than its place: {name}" for name in seen["wide"])]
    return found + pale([text for text in texts if not text.cut], pixels, (box["x"], box["y"]))


def collisions(texts: Sequence[Text]) -> list[str]:
    """Every two that lie on each other."""
    if len(texts) < 2:
        return []
    low, high = (np.array([edge(text.corners, axis=0) for text in texts]) for edge in (np.min, np.max))
    near = ((low[:, None] < high[None]) & (low[None] < high[:, None])).all(axis=2)
    pairs = [(one, other) for one, other in combinations(range(len(texts)), 2) if near[one, other]]
    return [
        f"“{texts[one].words}” lies on “{texts[other].words}”"
        for one, other in pairs
        if depth(texts[one].corners, texts[other].corners) > TOUCH
    ]


def depth(one: Numbers, other: Numbers) -> float:
    """How far two convex boxes reach into each other: the least of the overlaps along the normals of their sides."""
    least = np.inf
    for corners in (one, other):
        for side in np.roll(corners, -1, axis=0) - corners:
            length = np.hypot(*side)
            if length < 1e-9:
                continue
            normal = np.array([-side[1], side[0]]) / length
            a, b = one @ normal, other @ normal
            least = min(least, min(a.max(), b.max()) - max(a.min(), b.min()))
    return float(least)


def cuts(texts: Sequence[Text]) -> list[str]:
    return [f"“{text.words}” is cut by {text.cut}" for text in texts if text.cut]


def pale(texts: Sequence[Text], pixels: Numbers, corner: tuple[float, float] = (0, 0)) -> list[str]:
    """Those with too little contrast to what lies behind them in the picture, (height, width, 3) from 0 to 255.

    corner: where in the window the picture begins.
    """
    found = []
    for text in texts:
        colour, alpha = _colour(text.colour)
        ground = _ground(text.corners - corner, colour, pixels)
        shown = ground + (colour - ground) * alpha * text.opacity
        ratio = contrast(shown, ground)
        if ratio < text.enough - 0.05:
            found.append(f"“{text.words}” has a contrast of {ratio:.1f}, {text.enough:g} is needed")
    return found


def contrast(one: Numbers, other: Numbers) -> float:
    """Of two colours from 0 to 255, by WCAG's relative luminance: from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Numbers) -> float:
    share = colour / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _colour(css: str) -> tuple[Numbers, float]:
    """A computed colour, from 0 to 255, and its alpha."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", css.removeprefix("color(srgb"))]
    scale = 255 if css.startswith("color(srgb") else 1
    return np.array(numbers[:3]) * scale, numbers[3] if len(numbers) > 3 else 1.0


def _ground(corners: Numbers, colour: Numbers, pixels: Numbers) -> Numbers:
    """The commonest colour around its letters."""
    (left, top), (right, bottom) = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    box = pixels[max(0, top) : bottom, max(0, left) : right].reshape(-1, 3)
    apart = box[(np.abs(box - colour) > NEAR).any(axis=1)]
    kinds, counts = np.unique(apart if len(apart) else box, axis=0, return_counts=True)
    return kinds[counts.argmax()] if len(kinds) else np.full(3, 255.0)

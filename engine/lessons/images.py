"""The images of lesson 54: greys from 0, black, to 1, white. Data, drawn by us."""

from __future__ import annotations

from engine.working.sheet import Index

ZEBRA = ((0.3, 0.8, 0.4), (0.2, 0.9, 0.3), (0.4, 0.7, 0.4))
CAT = ((0.7, 0.5, 0.6), (0.7, 0.4, 0.7), (0.8, 0.6, 0.7))
LINES = ((-0.25, 0.5, -0.25),) * 3
"""The second difference from left to right: it answers to an upright light line on a darker ground, with 0 to an
even grey. Its answers to the two images above are 0.7 and -0.3."""

SEVEN = (
    "........",
    ".######.",
    "......#.",
    ".....#..",
    "....#...",
    "...#....",
    "...#....",
    "........",
)
ONE = (
    "........",
    "...##...",
    "..###...",
    "...##...",
    "...##...",
    "...##...",
    "..####..",
    "........",
)
ZERO = (
    "........",
    "..####..",
    ".#....#.",
    ".#....#.",
    ".#....#.",
    ".#....#.",
    "..####..",
    "........",
)


def cells(rows: tuple[tuple[float, ...], ...]) -> dict[Index, float]:
    """By row and column, counted from 1."""
    return {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1)}


def inked(rows: tuple[str, ...]) -> dict[tuple[int, int], float]:
    """A drawing of # and . as greys, the ink white."""
    return {(r, c): float(sign == "#") for r, row in enumerate(rows, 1) for c, sign in enumerate(row, 1)}

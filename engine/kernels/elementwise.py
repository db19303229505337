"""tanh, sigma and sums of whole blocks of numbers, in float32. Know no cell.

Every loop runs over one contiguous block, so that the compiler uses the widest registers there are; written with
`np.tanh` a number takes 14 ns instead of 0.2.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array

_EDGE = np.float32(7.90531110763549805)  # beyond it tanh is 1 to the last bit of a float32
_A = tuple(
    np.float32(value)
    for value in (
        4.89352455891786e-03, 6.37261928875436e-04, 1.48572235717979e-05, 5.12229709037114e-08,
        -8.60467152213735e-11, 2.00018790482477e-13, -2.76076847742355e-16,
    )
)  # fmt: skip
_B = tuple(
    np.float32(value)
    for value in (4.89352518554385e-03, 2.26843463243900e-03, 1.18534705686654e-04, 1.19825839466702e-06)
)
_HALF = np.float32(0.5)


@compiled(inline="always")
def tanh(x: np.float32) -> np.float32:
    """The rational approximation of Eigen: off by less than 4e-7; a NaN stays one."""
    if x > _EDGE:
        x = _EDGE
    if x < -_EDGE:
        x = -_EDGE
    s = x * x
    above = x * (_A[0] + s * (_A[1] + s * (_A[2] + s * (_A[3] + s * (_A[4] + s * (_A[5] + s * _A[6]))))))
    return above / (_B[0] + s * (_B[1] + s * (_B[2] + s * _B[3])))


@compiled()
def tanh_all(block: Array) -> None:
    """block (n,) <- tanh(block)."""
    for n in range(block.size):
        block[n] = tanh(block[n])


@compiled()
def sigma_all(block: Array) -> None:
    """block (n,) <- sigma(block), which is (1 + tanh(block / 2)) / 2."""
    for n in range(block.size):
        block[n] = _HALF + _HALF * tanh(_HALF * block[n])


@compiled()
def add_all(total: Array, block: Array) -> None:
    """total (n,) <- total + block."""
    for n in range(total.size):
        total[n] += block[n]

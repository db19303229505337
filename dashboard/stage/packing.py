"""One binary form for everything the stage fetches: a JSON header and aligned arrays. Its reader is bytes.js."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNED = 8  # bytes: a Float64Array in the browser may start nowhere else


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Four bytes with the header's length, the header, then the arrays, little-endian, each aligned.

    The header's "arrays" lists name, dtype, shape, and offset from the header's end.
    """
    listed, blobs, offset = [], [], 0
    for name, array in arrays.items():
        blob = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        listed.append({"name": name, "dtype": array.dtype.name, "shape": array.shape, "offset": offset})
        blobs.append(blob + b"\0" * (-len(blob) % ALIGNED))
        offset += len(blobs[-1])
    text = json.dumps({**header, "arrays": listed}, allow_nan=False).encode()
    text += b" " * (-(4 + len(text)) % ALIGNED)
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])

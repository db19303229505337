"""torch, loaded at its first use: the page process reads the models' settings and must never pay for torch.

A proxy of our own and not `importlib.util.LazyLoader`, because that one puts the unloaded module into
`sys.modules`, where Streamlit finds it and loads it by looking.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
else:

    class _Torch:
        def __getattr__(self, name: str) -> Any:
            value = getattr(importlib.import_module("torch"), name)
            self.__dict__[name] = value  # found at once the next time
            return value

    torch = _Torch()

__all__ = ["torch"]

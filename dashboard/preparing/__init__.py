"""The lower part of the Data page: from a series as it was read to windows that a model sees."""

from dashboard.preparing.page import show

__all__ = ["show"]

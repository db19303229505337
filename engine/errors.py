"""The one kind of error a person may see: a small lesson, never a traceback. Knows nothing of pages."""

from __future__ import annotations


class Lesson(ValueError):  # noqa: N818 - it is named for what it does, not for what went wrong
    """What happened, what was expected, and how to mend it, in the user's words."""

    def __init__(self, happened: str, expected: str, mend: str) -> None:
        self.happened, self.expected, self.mend = happened, expected, mend
        super().__init__(f"{happened} {expected} {mend}")

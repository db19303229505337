"""One doubt about a file, as a question with its evidence and its likely answer. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import Lesson


@dataclass(frozen=True)
class Answer:
    """value: what is typed or stored. label: what a person reads."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """sentence: what is asked. evidence: what in the file speaks for each side. likely: taken until one is given."""

    id: str
    sentence: str
    evidence: str
    answers: tuple[Answer, ...]
    likely: str

    def head(self) -> dict[str, object]:
        """The question as JSON takes it."""
        answers = [{"value": answer.value, "label": answer.label} for answer in self.answers]
        return {
            "id": self.id, "question": self.sentence, "evidence": self.evidence, "answers": answers,
            "likely": self.likely,
        }  # fmt: skip


@dataclass
class Asking:
    """The questions of one reading, and what has been answered. Gathers; decides nothing.

    decided: what the file itself told, which new data may leave open.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)

    def ask(self, question: Question) -> str:
        """The answer given, or the likely one. Raises Lesson where the one given is none of those offered."""
        self.asked.append(question)
        given = self.answers.get(question.id, question.likely)
        if given not in [answer.value for answer in question.answers]:
            offered = ", ".join(answer.value for answer in question.answers)
            raise Lesson(
                f"“{given}” was given as the answer to “{question.id}”.",
                f"The answers are {offered}.",
                "Give one of them.",
            )
        return given

"""A reader of printed sentences that shares no code with their writer: a small recursive descent parser."""

from __future__ import annotations

import math
import re

TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e[+-]?\d+)?|[a-z]+|[-+*/^(),])")
FUNCTIONS = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z)),
    "relu": lambda z: max(z, 0.0),
    "exp": math.exp,
    "cos": math.cos,
    "floor": math.floor,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "softplus": lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
    "step": lambda z: 1.0 if z > 0 else 0.0,
    "wins": lambda place, *among: 1.0 if list(among).index(max(among)) == int(place) - 1 else 0.0,
}


class Sentence:
    """`name = formula = digits`."""

    def __init__(self, text):
        self.name, self.formula, self.shown = text.rsplit(" = ", 2)
        self.tokens, end = [], 0
        while end < len(self.formula):
            token = TOKEN.match(self.formula, end)
            assert token, self.formula[end:]
            self.tokens.append(token.group(1))
            end = token.end()
        self.position = 0
        self.value = self.sum()
        assert self.position == len(self.tokens)

    def holds(self):
        """The formula gives the shown digits, rounded to as many as are shown."""
        if any(f"{self.value:.{digits}g}" == self.shown for digits in (4, 5, 6)):
            return True
        mantissa, _, exponent = self.shown.partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        return math.isclose(round(self.value, decimals), float(self.shown), abs_tol=1e-15, rel_tol=1e-9)

    def peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self):
        self.position += 1
        return self.tokens[self.position - 1]

    def sum(self):
        total = self.product()
        while self.peek() in ("+", "-") and self.peek():
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def product(self):
        if self.peek() == "-":
            self.take()
            return -self.product()
        value = self.power()
        while self.peek() in ("*", "/") and self.peek():
            value = value * self.power() if self.take() == "*" else value / self.power()
        return value

    def power(self):
        base = self.atom()
        if self.peek() == "^":
            self.take()
            return base ** self.atom()
        return base

    def atom(self):
        token = self.take()
        if token == "(":
            value = self.sum()
            assert self.take() == ")"
            return value
        if token in FUNCTIONS:
            assert self.take() == "("
            arguments = [self.sum()]
            while self.take() == ",":
                arguments.append(self.sum())
            assert self.tokens[self.position - 1] == ")"
            return FUNCTIONS[token](*arguments)
        return float(token)

r"""An estimate's equation written out with its numbers, as LaTeX. Computes nothing."""

from __future__ import annotations

from engine.estimating.estimate import Estimate
from engine.estimating.orders import Floats


def equation(found: Estimate, transform: str = "none") -> tuple[str, str]:
    """The equation in letters and in numbers; B steps back by one, e is an error of the variance said at the end."""
    orders = found.orders
    (p, d, q), (P, D, Q, m) = orders.order, orders.seasonal
    value = r"\log y_t" if transform == "log" else "y_t"
    mean = {"n": "", "c": r"\mu", "ct": r"\mu + \beta t"}[orders.trend]
    parts = [(p, r"\phi(B)"), (P, rf"\Phi(B^{{{m}}})")]
    left = "".join(text for count, text in parts if count)
    right = "".join(text for count, text in [(q, r"\theta(B)"), (Q, rf"\Theta(B^{{{m}}})")] if count)
    letters = _whole(left, _differences(d, D, m), value, mean, right)
    ar, ma, sar, sma = (_polynomial(block, step, sign) for block, step, sign in orders.blocks(found.lags))
    numbers = [_number(one) for one in found.trend]
    written = {"n": "", "c": "".join(numbers[:1]), "ct": " + ".join(numbers) + " t" if numbers else ""}[orders.trend]
    whole = _whole(ar + sar, _differences(d, D, m), value, written.replace("+ -", "- "), ma + sma)
    return _aligned(letters), _aligned(whole + rf" \\ \sigma^2 &= {_number(found.scale)}")


def _aligned(text: str) -> str:
    return rf"\begin{{aligned}}{text}\end{{aligned}}"


def _whole(left: str, differences: str, value: str, mean: str, right: str) -> str:
    inner = rf"\left({differences}{value} - {mean}\right)" if mean else f"{differences}{value}"
    if mean.startswith("-"):
        inner = rf"\left({differences}{value} + {mean[1:]}\right)"
    return rf"{left}{inner} &= {right}e_t"


def _differences(d: int, D: int, m: int) -> str:
    def power(text: str, times: int) -> str:
        return "" if not times else text if times == 1 else f"{text}^{{{times}}}"

    return power("(1 - B)", d) + power(f"(1 - B^{{{m}}})", D)


def _polynomial(block: Floats, step: int, sign: int) -> str:
    if not len(block):
        return ""
    terms = ["1"]
    for lag, value in enumerate(block, 1):
        signed = sign * float(value)
        back = "B" if step * lag == 1 else f"B^{{{step * lag}}}"
        terms.append(f"{'-' if signed < 0 else '+'} {_number(abs(signed))}\\,{back}")
    return rf"\left({' '.join(terms)}\right)"


def _number(value: float) -> str:
    text = f"{value:.4g}"
    if "e" not in text:
        return text
    digits, power = text.split("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}"

"""Another pair of eyes: a sheet's formulas put into torch, which then takes the derivatives by itself."""

from __future__ import annotations

import torch

from engine.explaining.formula import Call, Known, Literal, Negative, Power, Product, Quotient, Sum

TORCH = {
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "exp": torch.exp, "log": torch.log,
    "sqrt": torch.sqrt, "abs": torch.abs, "min": torch.minimum,
    # Like torch's pooling, which sends the gradient to the first of equals; torch.max shares it among them.
    "max": lambda *among: torch.nn.functional.max_pool1d(torch.stack(among)[None, None], len(among))[0, 0, 0],
}  # fmt: skip


def number(value):
    return torch.tensor(float(value), dtype=torch.float64)


def put(formula, tensors):
    """The formula's value as a torch tensor."""
    match formula:
        case Known(place):
            return tensors[str(place)]
        case Literal(value):
            return number(value)
        case Sum(terms):
            return sum(put(term, tensors) for term in terms)
        case Negative(term):
            return -put(term, tensors)
        case Product(factors):
            product = put(factors[0], tensors)
            for factor in factors[1:]:
                product = product * put(factor, tensors)
            return product
        case Quotient(above, below):
            return put(above, tensors) / put(below, tensors)
        case Power(base, exponent):
            return put(base, tensors) ** put(exponent, tensors).item()
        case Call(name, arguments):
            return TORCH[name](*(put(argument, tensors) for argument in arguments))
    raise TypeError(formula)


def forward(sheet):
    """Every number of the sheet that is no gradient, in torch, ready for autograd.

    A weight begins anew, also one that an update or a copy made, and so does what is made of gradients: no gradient
    passes back through either.
    """
    tensors = {}
    for one in sheet.numbers.values():
        if one.place.part != "value":
            continue
        begins = one.made is None or one.role == "weight" or not set(one.operands) <= set(tensors)
        tensors[one.key] = number(one.value).requires_grad_() if begins else put(one.made, tensors)
        if tensors[one.key].requires_grad:
            tensors[one.key].retain_grad()
    return tensors

"""The geometry of clipping: one update's loss around two weights, and where three gradients would have gone."""

from __future__ import annotations

from math import prod

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Options, Picture, Scene, View
from dashboard.views.drawing import calm
from dashboard.views.palette import CLIPPED, INK, INKED, UNDONE
from dashboard.views.scales import BAR, colour
from dashboard.views.windows import nothing, picked
from engine.clipping import NUMBERS, clip_signals
from engine.errors import Lesson

WITHOUT = "Nothing is clipped here: a likelihood is maximised as a whole, without batches and their gradients."


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """Updates worth a look: the longest gradient, the first and the last one."""
    steps, norms = scene.trace.steps, scene.trace.history("norm")
    known = [(int(step), norm) for step, norm in zip(steps, norms, strict=True) if step > 0 and np.isfinite(norm)]
    if "clip surface" not in scene.offered or not known:
        return {}
    longest = max(known, key=lambda one: one[1])
    found = {str(longest[0]): f"{longest[0]}, the longest gradient"}
    for (step, _), words in ((known[0], "the first"), (known[len(known) // 2], "half way"), (known[-1], "the last")):
        found.setdefault(str(step), f"{step}, {words}")
    return {"update": found}


def picture(scene: Scene, chosen: Options) -> Picture:
    if "clip surface" not in scene.offered:
        return nothing(WITHOUT)
    step = picked(options(scene), chosen, "update")
    if not step:
        return nothing("No update has been recorded yet, so nothing has been clipped.")
    try:
        found = {name: values[0] for name, values in scene.look([int(step)], list(clip_signals())).items()}
    except (Lesson, KeyError) as problem:
        return nothing(f"Update {step} cannot be looked at: {problem}")
    if not np.isfinite(found["clip numbers"]).all() or not np.isfinite(found["clip surface"]).any():
        return nothing(f"At update {step} the gradient was no finite number, so there is no way down to show.")
    numbers = dict(zip(NUMBERS, found["clip numbers"].tolist(), strict=True))
    names = [place(scene, int(numbers[which])) for which in ("first", "second")]
    turned = _angle(found["clip arrows"][0], found["clip arrows"][2])
    was = (
        f"The gradient was {numbers['norm']:.4g} long and was cut to {numbers['threshold']:.4g}."
        if scene.trace.run.settings.get("clip") == numbers["threshold"]
        else f"The gradient was {numbers['norm']:.4g} long and not cut by its length; here it is shown cut to half."
    )
    return Picture(
        _figure(found, numbers, names),
        (),
        f"Update {step} seen on two of its weights: the batch's loss around them, and three ways down. {was}",
        f"This picture belongs to update {step} and stands still. The first weight is the one with the largest "
        "gradient, the second has about a third of that; all others stay as they were, so each line is a height of "
        "the loss. Cut by its length, the gradient keeps its direction. Cut number by number, to "
        f"±{numbers['limit']:.3g} so that it ends up as long, it turns: here by {turned:.0f}°. Dotted rays go on in "
        f"each direction. Arrows point against the gradients, drawn {numbers['times']:.3g} times as long as these; "
        f"what {scene.trace.run.settings.get('optimiser')} then makes of a gradient is another matter.",
    )


def place(scene: Scene, flat: int) -> str:
    """Which weight stands at that place of the flat vector."""
    left = flat
    for name, shape in scene.trace.parameters.items():
        if left < prod(shape):
            return f"{name}[{', '.join(str(int(i)) for i in np.unravel_index(left, shape))}]"
        left -= prod(shape)
    raise ValueError(f"There is no weight {flat}.")


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    """Between two arrows, in degrees."""
    turn = np.arctan2(other[1], other[0]) - np.arctan2(one[1], one[0])
    return abs(float(np.degrees((turn + np.pi) % (2 * np.pi) - np.pi)))


def _figure(found: dict[str, np.ndarray], numbers: dict[str, float], names: list[str]) -> go.Figure:
    (across, down), arrows = found["clip across"], found["clip arrows"]
    start = np.array([across[len(across) // 2], down[len(down) // 2]])
    said = {
        "raw": (INK, "as it came"),
        "by norm": (CLIPPED, f"× {numbers['threshold'] / numbers['norm']:.3g}, its direction kept"),
        "by value": (UNDONE, f"each number cut to ±{numbers['limit']:.3g}"),
    }
    figure = go.Figure(
        go.Contour(
            x=across, y=down, z=found["clip surface"], coloraxis="coloraxis", ncontours=18, line={"width": 0.6},
            hovertemplate=f"{names[0]} = %{{x:.4g}}<br>{names[1]} = %{{y:.4g}}<br>"
            "loss <b>%{z:.5g}</b><extra></extra>",
        )
    )  # fmt: skip
    for (name, (hue, words)), arrow in zip(said.items(), arrows, strict=True):
        end, length = start + arrow, float(np.linalg.norm(arrow)) or 1.0
        ray = start + arrow * (float(np.linalg.norm(arrows[0])) / length)
        figure.add_scatter(
            x=[start[0], ray[0]], y=[start[1], ray[1]], mode="lines", line={"color": hue, "width": 1.6, "dash": "dot"},
            meta=INKED if hue == INK else None, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=[start[0], end[0]], y=[start[1], end[1]], mode="lines+markers", name=name,
            line={"color": hue, "width": 3.5 if name == "by norm" else 2.5},
            marker={"symbol": ["circle", "arrow"], "size": [7, 15], "angleref": "previous", "color": hue},
            meta=INKED if hue == INK else None,
            hovertemplate=f"{name}: {words}<extra></extra>",
        )  # fmt: skip
    calm(
        figure,
        xaxis={"title": names[0], "range": [across[0], across[-1]]},
        yaxis={"title": names[1], "range": [down[0], down[-1]], "showgrid": False},
        hovermode="closest",
    )
    low, high = float(np.nanmin(found["clip surface"])), float(np.nanmax(found["clip surface"]))
    bar = {**BAR, "nticks": 5, "title": {"text": "loss", "font": {"size": 11}}}
    colour(figure, {"coloraxis": ("sequential", {"cmin": low, "cmax": high, "colorbar": bar})})
    return figure


VIEW = View("clipping", "Geometry of clipping", ("clip surface",), picture, options, "Update", WITHOUT, zoom="run")

"""What if a number had been another: what follows is what the model makes of it; nothing else changes."""

import numpy as np
import pytest

from engine.contract import models
from engine.errors import Lesson
from engine.explaining.moment import Moment
from engine.explaining.supposing import as_json, outcome, signals, suppose
from engine.nouns.explanation import Place
from tests.engine.explaining.passing import recorded
from tests.engine.explaining.sentences import Sentence

SIGNALS = {"rnn": "hidden.1", "lstm": "cell.1", "cnn": "map.1"}
SETTINGS = {"lstm": {"layer_norm": True}}


@pytest.fixture(scope="module", params=SIGNALS)
def moment(request, tmp_path_factory):
    trace = recorded(tmp_path_factory.mktemp("run"), request.param, SETTINGS.get(request.param), window=8)
    return Moment(trace, 4)


@pytest.fixture
def signal(moment):
    return SIGNALS[moment.trace.run.model]


def at(signal, t, row):
    return f"{signal}[window=probe, {t}, {row}]"


def test_another_weight_gives_what_the_model_makes_of_it(moment):
    trace = moment.trace
    weight, shape = next((name, shape) for name, shape in trace.parameters.items() if len(shape) > 1)
    place = f"updated {weight}[{', '.join('0' * len(shape))}]"
    now = suppose(moment, [(place, 0.75)])
    flat = trace.stack("weights", [4]).copy()
    before = list(trace.parameters)[: list(trace.parameters).index(weight)]
    flat[0, sum(int(np.prod(trace.parameters[name])) for name in before)] = 0.75
    names = [n for n, one in trace.signals.items() if one.axes[:1] == ("time",)] + ["forecast"]
    wanted = models()[trace.run.model].lens.look(trace.run, trace.series, flat, moment.start, names)
    found = signals(now, names)
    assert found.keys() == set(names)
    for name in names:
        np.testing.assert_allclose(found[name], wanted[name][0], rtol=2e-4, atol=1e-6, err_msg=name)
    assert now.explain(Place.parse(place)).result == 0.75
    assert moment.value(Place.parse(place)) != 0.75


def test_a_replaced_signal_moves_what_comes_after_it_and_nothing_before(moment, signal):
    now = suppose(moment, [(at(signal, 5, 1), 0.9)])
    old, new = (one.array(signal, probe=True)[0] for one in (moment, now))
    np.testing.assert_array_equal(old[:5], new[:5])
    assert old[5, 0] == new[5, 0]
    assert new[5, 1] == np.float32(0.9)
    told = outcome(moment, now)
    assert told.loss[0] != told.loss[1]
    assert not np.array_equal(*told.forecast)
    changed = {(one.array, one.part): one for one in told.changes}
    assert changed[signal, "value"].now == pytest.approx(now.value(changed[signal, "value"].place))
    assert ("x", "value") not in changed
    assert as_json(told)["changes"]


def test_every_sentence_still_gives_its_digits(moment, signal):
    now = suppose(moment, [(at(signal, 4, 0), 0.5), ("x[window=probe, 2, 0]", 1.25)])
    texts = [at(signal, t, row) for t in (2, 4, 5) for row in (0, 1)]
    for text in [*texts, "forecast[window=probe, 0]", f"gradient {at(signal, 3, 1)}"]:
        told = now.explain(Place.parse(text))
        if told.operands:
            assert Sentence(told.sentence).holds(), told.sentence
    assert now.value(Place.parse("x[window=probe, 2, 0]")) == 1.25
    assert moment.value(Place.parse("x[window=probe, 2, 0]")) != 1.25


def test_no_gradient_passes_numbers_that_were_put_there(moment, signal):
    if signal != "hidden.1":  # the only one of these through which all must pass
        return
    T, H = moment.trace.signals[signal].shape
    now = suppose(moment, [(at(signal, T - 1, unit), 0.1) for unit in range(H)])
    assert np.any(moment.array(signal, "gradient", probe=True)[0][: T - 1])
    assert not np.any(now.array(signal, "gradient", probe=True)[0][: T - 1])


@pytest.mark.parametrize(
    ("place", "number"),
    [("loss", 1.0), ("gradient x[window=probe, 1, 0]", 1.0), ("series[3]", 1.0), ("y[window=probe, 0]", 1.0),
     ("x[window=2, 1, 0]", 1.0), ("x[window=probe, 1, 0]", float("nan")), ("nonsense[1]", 1.0)],
)  # fmt: skip
def test_what_cannot_be_replaced_says_so(moment, place, number):
    with pytest.raises(Lesson):
        suppose(moment, [(place, number)])


def test_nothing_supposed_is_what_was(moment, signal):
    assert suppose(moment, []) is moment
    same = suppose(moment, [(at(signal, 2, 1), moment.value(Place.parse(at(signal, 2, 1))))])
    assert outcome(moment, same).loss[0] == pytest.approx(outcome(moment, same).loss[1])

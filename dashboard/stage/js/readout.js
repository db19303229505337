// The numbers of the moment, in one line, from the same arrays the figures show.

const NONE = "–";

class Readout {
  /** numbers: which, and in which words. */
  constructor(numbers) {
    this.element = make("dl", "readout");
    this.element.setAttribute("aria-label", "Numbers at this update");
    this.fields = numbers.map(({ name, title, hint, applies }) => {
      const pair = this.element.appendChild(make("div"));
      pair.title = hint;
      pair.append(make("dt", "", title));
      const value = pair.appendChild(make("dd"));
      value.dataset.field = name;
      return { name, value, applies };
    });
  }

  show(record, position) {
    const step = record.steps[position];
    for (const { name, value, applies } of this.fields) {
      const number = name === "update" ? step : record.at(name, position);
      value.dataset.value = String(number);
      value.textContent = applies ? this.text(name, number, record, position) : NONE;
    }
  }

  text(name, number, record, position) {
    if (name === "scale") return this.clip(number, record.at("norm", position));
    if (number === undefined || Number.isNaN(number)) return this.missing(name, record, position);
    if (name === "update" || name === "epoch") return number.toLocaleString("en").replaceAll(",", "\u202f");
    return number !== 0 && (Math.abs(number) < 1e-3 || Math.abs(number) >= 1e5) ? number.toExponential(3) : number.toPrecision(4);
  }

  /** Where there was no gradient, there was nothing to clip. */
  clip(scale, norm) {
    if (Number.isNaN(norm)) return NONE;
    if (Number.isNaN(scale)) return "by value";
    return scale < 1 ? `× ${scale.toPrecision(3)}` : "not clipped";
  }

  /** NaN is recorded for what was not measured, and for what was measured and was not a number. */
  missing(name, record, position) {
    const step = record.steps[position];
    const broke = record.at("event/not a number", position) === 1;
    if (name !== "validation") return broke ? "not a number" : NONE;
    const measured = record.measured ? step % record.measured === 0 || step === record.updates : broke;
    return measured ? "not a number" : "not measured";
  }
}

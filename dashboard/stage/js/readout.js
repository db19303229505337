// The numbers of the moment, in one line, from the same arrays the figures show.

const FIELDS = [
  ["update", "update", (record, at) => record.steps[at]],
  ["epoch", "epoch", (record, at) => record.at("epoch", at)],
  ["loss", "loss", (record, at) => record.at("loss", at)],
  ["validation", "validation", (record, at) => record.at("validation", at)],
  ["norm", "gradient norm", (record, at) => record.at("norm", at)],
  ["scale", "clip", (record, at) => record.at("scale", at)],
];

class Readout {
  constructor() {
    this.element = make("dl", "readout");
    this.element.setAttribute("aria-label", "Numbers at this update");
    this.fields = FIELDS.map(([name, title, read]) => {
      const pair = this.element.appendChild(make("div"));
      pair.append(make("dt", "", title));
      const value = pair.appendChild(make("dd"));
      value.dataset.field = name;
      return { name, value, read };
    });
  }

  show(record, position) {
    for (const { name, value, read } of this.fields) {
      const number = read(record, position);
      value.dataset.value = String(number);
      value.textContent = this.text(name, number);
    }
  }

  text(name, number) {
    if (name === "scale" && Number.isNaN(number)) return "by value";
    if (number === undefined || Number.isNaN(number)) return name === "validation" ? "not measured" : "–";
    if (name === "update" || name === "epoch") return number.toLocaleString("en").replaceAll(",", "\u202f");
    if (name === "scale") return number < 1 ? `× ${number.toPrecision(3)}` : "not clipped";
    return number !== 0 && (Math.abs(number) < 1e-3 || Math.abs(number) >= 1e5) ? number.toExponential(3) : number.toPrecision(4);
  }
}

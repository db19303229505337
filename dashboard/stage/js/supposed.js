// What if a number had been another: what a person put in a number's place, and what the model made of it. Asks the
// server; knows no figure.

class Supposed {
  /** changed: called when other numbers are to be shown. */
  constructor(changed) {
    this.changed = changed;
    this.edits = new Map(); // place -> { value, was }
    this.clear();
  }

  get any() {
    return this.edits.size > 0;
  }

  /** As the server reads it. */
  get asked() {
    return JSON.stringify([...this.edits].map(([place, { value }]) => [place, value]));
  }

  put(place, value, was) {
    this.edits.set(place, { value, was: this.edits.get(place)?.was ?? was });
  }

  drop(place) {
    this.edits.delete(place);
    if (!this.any) this.clear();
  }

  clear() {
    this.edits.clear();
    Object.assign(this, { arrays: {}, outcome: null, step: undefined, url: undefined });
    this.changed();
  }

  /** A signal of the run at `url` under the supposition; undefined where there is none, or of another update. */
  at(url, name, step) {
    return this.any && url === this.url && step === this.step ? this.arrays[name]?.values : undefined;
  }

  /** Asks what follows, of these signals too. Raises Error with the lesson. */
  async ask(url, step, start, names) {
    const asked = this.asked;
    const query = new URLSearchParams({ step, start, supposed: asked, signals: names.join(",") });
    const { header, arrays } = await fetchPacked(`${url}/suppose?${query}`);
    if (asked !== this.asked) return;
    Object.assign(this, { arrays, outcome: header, step, url });
    this.changed();
  }

  /** What is supposed and what follows, in words; open(place) opens a number, back() when something was put back. */
  tell(open, back) {
    const part = make("section", "supposed");
    if (!this.any) return part;
    part.append(make("h5", "", "Supposed"), this.list(back));
    if (!this.outcome) return part;
    const { loss, forecast, changes } = this.outcome;
    const moved = forecast[1].map((value, i) => [forecast[0][i], value]);
    const follows = part.appendChild(make("ul", "follows"));
    follows.append(line("this window's loss", ...loss));
    moved.slice(0, FIRST_AHEAD).forEach(([was, now], i) => follows.append(line(`forecast, ${i + 1} ahead`, was, now)));
    for (const { array, part: kind, changed, of, place, was, now } of changes) {
      const name = `${kind === "value" ? "" : `${kind} `}${array}`;
      const item = follows.appendChild(line(`${name}: ${changed} of ${of} numbers moved; the furthest`, was, now));
      const button = make("button", "", place);
      button.type = "button";
      button.addEventListener("click", () => open(place));
      item.append(button);
    }
    part.append(make("p", "", "Worked out anew by the model itself: all that this window makes of it, forward, its loss, and the gradients of that loss. Not anew: the training, before this update and after it. For that, fork the run with another weight or value."));
    return part;
  }

  list(back) {
    const list = make("ul");
    for (const [place, { value, was }] of this.edits) {
      const item = list.appendChild(line(place, was, value));
      const button = make("button", "", "Put it back");
      button.type = "button";
      button.addEventListener("click", () => {
        this.drop(place);
        back();
      });
      item.append(button);
    }
    return list;
  }
}

const FIRST_AHEAD = 3;

/** One number before and after. */
const line = (name, was, now) => {
  const item = make("li");
  item.append(make("span", "", name), make("b", "", `${digits(was)} → ${digits(now)}`));
  return item;
};

/** A number as a card writes it. */
const digits = (value) => (value === null || value === undefined ? "not finite" : Number(value.toPrecision(6)).toString());

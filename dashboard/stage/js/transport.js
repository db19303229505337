// Buttons, slider and speed of the outer clock. Knows no run file.

const SPEEDS = [2, 8, 30, 60, 240, 1000];

/** Outlines in a square of 16: an icon font would be one more thing to fetch. */
const SHAPES = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M11 3v10L4 8z",
  play: "M4 2.5v11L13 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M5 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
};
const icon = (name) => `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;

class Transport {
  constructor(clock) {
    this.clock = clock;
    this.element = make("div", "transport");
    this.buttons = this.element.appendChild(make("div", "buttons"));
    this.button("first", "To the first update (Home)", () => clock.go(0));
    this.button("back", "One update back (left arrow)", () => clock.go(clock.position - 1));
    this.play = this.button("play", "Play (space)", () => clock.toggle());
    this.button("forward", "One update forward (right arrow)", () => clock.go(clock.position + 1));
    this.button("last", "To the last update (End)", () => clock.go(clock.last));
    this.track();
    this.settings();
  }

  button(name, label, press) {
    const button = this.buttons.appendChild(make("button", name));
    button.innerHTML = icon(name);
    button.type = "button";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", press);
    return button;
  }

  track() {
    const track = this.element.appendChild(make("div", "track"));
    this.range = track.appendChild(make("input"));
    Object.assign(this.range, { type: "range", min: 0, step: 1 });
    this.range.setAttribute("aria-label", "Recorded update");
    this.range.addEventListener("input", () => this.clock.go(this.range.valueAsNumber));
    this.ticks = track.appendChild(make("canvas", "ticks"));
    this.ticks.setAttribute("aria-hidden", "true");
    this.legend = make("div", "happened");
    this.legend.setAttribute("aria-label", "What happened");
  }

  settings() {
    const side = this.element.appendChild(make("div", "settings"));
    const speed = side.appendChild(make("select"));
    speed.setAttribute("aria-label", "Speed, in updates per second");
    for (const value of SPEEDS) speed.append(new Option(`${value} / s`, value, false, value === this.clock.speed));
    speed.addEventListener("change", () => (this.clock.speed = Number(speed.value)));
    this.passed = side.appendChild(make("output", "passed"));
    const label = side.appendChild(make("label", "follow"));
    this.follow = label.appendChild(make("input"));
    this.follow.type = "checkbox";
    label.append("follow");
    label.title = "Keep the clock on the newest update while training goes on";
    this.follow.addEventListener("change", () => this.clock.follow(this.follow.checked));
    this.followLabel = label;
    this.side = side;
  }

  /** What else belongs beside the speed: how far colours reach, and the film-strip. */
  extra(colours, strip) {
    const label = make("label", "follow");
    const box = label.appendChild(make("input"));
    box.type = "checkbox";
    label.append("film-strip");
    label.title = "Six key frames of the first picture that changes, side by side";
    box.addEventListener("change", () => strip.toggle(box.checked));
    this.side.append(colours, label);
  }

  /** A position is drawn: says how many play has passed over, until it is played again. */
  pass(position) {
    if (this.playing) this.widest = Math.max(this.widest, position - this.before); // the last one, too
    else if (this.clock.playing) this.widest = 1;
    this.before = position;
    write(this.passed, this.widest > 1 ? `one of up to ${this.widest} updates is drawn` : "");
  }

  show() {
    const { clock, range } = this;
    if (Number(range.max) !== clock.last) range.max = clock.last;
    range.value = clock.position;
    range.style.setProperty("--done", `${(100 * clock.position) / Math.max(1, clock.last)}%`);
    range.setAttribute("aria-valuetext", `update ${clock.record.steps[clock.position]} of ${clock.record.steps[clock.last]}`);
    this.turn(clock.playing);
    this.follow.checked = clock.following;
    this.followLabel.hidden = !clock.record.state.alive;
  }

  turn(playing) {
    if (playing === this.playing) return;
    this.playing = playing;
    this.play.innerHTML = icon(playing ? "pause" : "play");
    this.play.title = playing ? "Pause (space)" : "Play (space)";
    this.play.setAttribute("aria-label", this.play.title);
  }

  /** The legend of the ticks. While a run trains its buttons stay: one that is replaced under the pointer is never pressed. */
  name(events) {
    const kinds = JSON.stringify(events.map(([name, , colour]) => [name, colour]));
    if (kinds !== this.kinds) this.legend.replaceChildren(...events.map(([name, , colour]) => this.kind(name, colour)));
    this.kinds = kinds;
    events.forEach(([name, times], i) => write(this.legend.children[i], `${name} ${times}`));
  }

  /** A press goes to the next place where that happened. */
  kind(name, colour) {
    const button = make("button");
    button.type = "button";
    button.title = `To the next update where this happened: ${name}`;
    button.style.setProperty("--tick", colour);
    button.addEventListener("click", () => {
      const { record, position } = this.clock;
      const places = record.events.filter((event) => event[1] === name).map(([step]) => record.position(step));
      this.clock.go(places.find((place) => place > position) ?? places[0]);
    });
    return button;
  }

  /** Ticks under the slider where something happened; what is rarer is drawn later and taller. */
  mark(colours, inked) {
    const { ticks, clock } = this;
    const ratio = devicePixelRatio || 1;
    Object.assign(ticks, { width: ticks.clientWidth * ratio, height: ticks.clientHeight * ratio });
    const canvas = ticks.getContext("2d");
    const { record } = clock;
    const happened = Map.groupBy(record.events, (event) => event[1]);
    const there = Object.keys(colours).filter((name) => happened.has(name));
    this.name(there.map((name) => [name, happened.get(name).length, colours[name] === inked ? "currentcolor" : colours[name]]));
    there.forEach((name, rank) => {
      canvas.fillStyle = colours[name] === inked ? getComputedStyle(ticks).color : colours[name];
      const height = ticks.height * (0.5 + (0.5 * (rank + 1)) / there.length);
      const columns = happened.get(name).map(([step]) => Math.round((record.position(step) / Math.max(1, clock.last)) * (ticks.width - ratio)));
      for (const x of new Set(columns)) canvas.fillRect(x, 0, (1 + rank / 2) * ratio, height);
    });
  }
}

// Buttons, slider, speed and keys that move the clock. Knows no run file.

const SPEEDS = [2, 8, 30, 60, 240, 1000];
const KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

class Transport {
  constructor(clock) {
    this.clock = clock;
    this.element = make("div", "transport");
    this.buttons = this.element.appendChild(make("div", "buttons"));
    this.button("first", "⏮", "To the first update (Home)", () => clock.go(0));
    this.button("back", "◀", "One update back (left arrow)", () => clock.go(clock.position - 1));
    this.play = this.button("play", "▶", "Play (space)", () => clock.toggle());
    this.button("forward", "▶", "One update forward (right arrow)", () => clock.go(clock.position + 1));
    this.button("last", "⏭", "To the last update (End)", () => clock.go(clock.last));
    this.track();
    this.settings();
  }

  button(name, sign, label, press) {
    const button = this.buttons.appendChild(make("button", name, sign));
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
  }

  settings() {
    const side = this.element.appendChild(make("div", "settings"));
    const speed = side.appendChild(make("select"));
    speed.setAttribute("aria-label", "Speed, in updates per second");
    for (const value of SPEEDS) speed.append(new Option(`${value} / s`, value, false, value === this.clock.speed));
    speed.addEventListener("change", () => (this.clock.speed = Number(speed.value)));
    const label = side.appendChild(make("label", "follow"));
    this.follow = label.appendChild(make("input"));
    this.follow.type = "checkbox";
    label.append("follow");
    label.title = "Keep the clock on the newest update while training goes on";
    this.follow.addEventListener("change", () => this.clock.follow(this.follow.checked));
    this.followLabel = label;
  }

  /** Keys anywhere in the stage, except where they mean something else. */
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { type, tagName } = event.target;
    if (tagName === "SELECT" || (tagName === "INPUT" && type === "number")) return;
    const pressed = event.key === " ";
    if (pressed && (tagName === "BUTTON" || tagName === "SUMMARY" || type === "checkbox")) return;
    if (pressed && !event.repeat) this.clock.toggle();
    else if (event.key in KEYS) this.clock.go(this.clock.position + KEYS[event.key]);
    else if (event.key === "Home") this.clock.go(0);
    else if (event.key === "End") this.clock.go(this.clock.last);
    else if (!pressed) return;
    event.preventDefault();
  }

  show() {
    const { clock, range } = this;
    if (Number(range.max) !== clock.last) range.max = clock.last;
    range.value = clock.position;
    range.style.setProperty("--done", `${(100 * clock.position) / Math.max(1, clock.last)}%`);
    range.setAttribute("aria-valuetext", `update ${clock.record.steps[clock.position]} of ${clock.record.steps[clock.last]}`);
    this.play.textContent = clock.playing ? "⏸" : "▶";
    this.play.setAttribute("aria-label", clock.playing ? "Pause (space)" : "Play (space)");
    this.follow.checked = clock.following;
    this.followLabel.hidden = !clock.record.state.alive;
  }

  /** Ticks under the slider where something happened, in the colours of the theme's events. */
  mark(colours) {
    const { ticks, clock } = this;
    const ratio = devicePixelRatio || 1;
    Object.assign(ticks, { width: ticks.clientWidth * ratio, height: ticks.clientHeight * ratio });
    const canvas = ticks.getContext("2d");
    const positions = new Map(clock.record.steps.map((step, i) => [step, i]));
    for (const [step, name] of clock.record.events) {
      if (!(name in colours)) continue;
      canvas.fillStyle = colours[name];
      const x = (positions.get(step) / Math.max(1, clock.last)) * (ticks.width - ratio);
      const lane = Object.keys(colours).indexOf(name) / Object.keys(colours).length;
      canvas.fillRect(x, lane * ticks.height, ratio, ticks.height / Object.keys(colours).length - ratio / 2);
    }
  }
}

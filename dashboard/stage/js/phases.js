// The phases of a picture that is made step by step: one is shown at a time, chosen or played. Knows no figure.

const LINGERS = 1200; // milliseconds for which a phase stands while they are played

class Phases {
  /** phases: { name: what it is, in words }; changed: called when another one is shown. */
  constructor(phases, changed) {
    const names = Object.keys(phases);
    Object.assign(this, { names, phases, changed, at: names.length - 1 }); // all is done, until it is played
    this.element = make("div", "phases");
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", "Step by step");
    this.player = this.button("", () => (this.timer ? this.rest() : this.play()));
    this.buttons = names.map((name, i) => this.button(name, () => {
      this.rest();
      this.go(i);
    }));
    this.says = this.element.appendChild(make("p"));
    this.says.setAttribute("aria-live", "polite");
    this.show();
  }

  button(text, pressed) {
    const button = this.element.appendChild(make("button", "", text));
    button.type = "button";
    button.addEventListener("click", pressed);
    return button;
  }

  go(phase) {
    this.at = phase;
    this.show();
    this.changed();
  }

  /** From the first to the last, each for a while. */
  play() {
    this.timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at === this.names.length - 1) this.rest();
    }, LINGERS);
    this.go(0);
  }

  rest() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.show();
  }

  show() {
    this.player.innerHTML = icon(this.timer ? "pause" : "play");
    this.player.title = this.timer ? "Rest at this step" : "Play step by step";
    this.player.setAttribute("aria-label", this.player.title);
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === this.at)));
    write(this.says, this.phases[this.names[this.at]]);
  }
}

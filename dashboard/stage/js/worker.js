// What the worker is doing, and commands to it. Commands go over HTTP into the run file, in the order they were given;
// the page waits for none of them.

const SAYS = {
  new: "not started",
  waiting: "waiting for its turn",
  running: "training",
  paused: "paused",
  finished: "finished",
  stopped: "stopped",
  interrupted: "interrupted",
  failed: "failed",
  refused: "", // the message says it all
  lost: "The app does not answer",
};

const RESTING = ["new", "paused", "stopped", "interrupted"]; // a command to go on starts a worker where none lives

class WorkerBar {
  constructor(url, sent) {
    Object.assign(this, { url, sent, before: Promise.resolve() });
    this.element = make("div", "worker");
    this.badge = this.element.appendChild(make("span", "state"));
    this.badge.setAttribute("role", "status");
    this.commands = this.element.appendChild(make("span", "commands"));
    this.commands.setAttribute("aria-label", "Training");
    this.pause = this.button("Pause", "pause");
    this.resume = this.button("Continue", "resume");
    this.step = this.button("Step", "step", 1);
    this.ten = this.button("Step 10", "step", 10);
    this.runTo();
    this.stop = this.button("Stop", "stop");
  }

  button(text, verb, argument) {
    const button = this.commands.appendChild(make("button", verb, text));
    button.type = "button";
    button.addEventListener("click", () => this.send(verb, argument));
    return button;
  }

  runTo() {
    const form = this.commands.appendChild(make("form"));
    const target = make("input");
    Object.assign(target, { type: "number", min: 0, step: 1, required: true, placeholder: "update" });
    target.setAttribute("aria-label", "Run to update");
    const button = make("button", "", "Run to");
    form.append(button, target);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send("run to", target.valueAsNumber);
    });
  }

  /** One after the other: of two requests under way at once the later may be served first, and "pause" then comes last. */
  send(verb, argument = null) {
    this.before = this.before.then(() => this.post(verb, argument));
  }

  async post(verb, argument) {
    const body = JSON.stringify({ verb, argument });
    const headers = { "Content-Type": "application/json" };
    const signal = AbortSignal.timeout(30_000); // one that is never answered must not hold up the rest
    try {
      const answer = await fetch(`${this.url}/command`, { method: "POST", body, headers, signal });
      if (!answer.ok) this.say((await answer.json()).message);
    } catch {
      this.say("The app does not answer. Is it still running?");
    }
    this.sent(verb);
  }

  say(message) {
    this.badge.title = message;
    this.badge.textContent = message;
  }

  show({ state, message, alive }) {
    this.element.dataset.state = state;
    this.say([SAYS[state] ?? state, message].filter(Boolean).join(": "));
    const resting = RESTING.includes(state);
    this.commands.hidden = !alive && !resting;
    this.pause.hidden = resting;
    this.resume.hidden = !resting;
    this.stop.hidden = !alive;
  }
}

// The clocks: which recorded update is shown, and within it which time step, sub-step and unit. Knows no figure.

const SUBSTEPS = ["forward", "loss", "backward", "clip", "update"];

class Clock {
  constructor(record, moved) {
    Object.assign(this, { record, moved, position: 0, playing: false, following: false });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Object.assign(this, { speed: calm ? 2 : 30, pace: calm ? 2 : 12, sweeping: false }); // updates, time steps a second
    Object.assign(this, { drawn: false, due: false, unit: 0, window: 1, substep: 0 });
  }

  /** The time step of the inner clock, from 0; until a person moves it, the window's last. */
  get time() {
    return Math.min(this.inner ?? Infinity, this.window - 1);
  }

  get last() {
    return Math.max(0, this.record.length - 1);
  }

  /** Goes to a position by a person's hand: following ends where it leaves the newest update. */
  go(position) {
    this.following = this.following && position >= this.last;
    this.exact = position;
    this.touched = true;
    this.to(position);
  }

  to(position) {
    const next = Math.min(this.last, Math.max(0, Math.round(position)));
    if (next === this.position) return;
    this.position = next;
    this.draw();
  }

  /** Moves the inner clock to a time step, and perhaps to a unit. */
  turn(time, unit = this.unit) {
    const next = Math.min(this.window - 1, Math.max(0, Math.round(time)));
    if (next === this.time && unit === this.unit) return;
    Object.assign(this, { inner: next, unit: Math.max(0, unit) });
    this.draw();
  }

  /** Plays the inner clock through the window: from its first step on, at the backward sub-step from its last one back. */
  sweep() {
    const back = SUBSTEPS[this.substep] === "backward";
    const [first, last] = back ? [this.window - 1, 0] : [0, this.window - 1];
    this.sweeping = !this.sweeping;
    if (this.sweeping && this.time === last) this.turn(first);
    this.draw();
    let before = performance.now();
    const tick = (now) => {
      if (!this.sweeping) return;
      const steps = Math.floor(((now - before) / 1000) * this.pace);
      if (steps > 0) {
        before = now;
        this.turn(this.time + (back ? -steps : steps));
      }
      this.sweeping = this.time !== last;
      if (this.sweeping) requestAnimationFrame(tick);
      else this.draw();
    };
    requestAnimationFrame(tick);
  }

  /** Goes sub-steps on or back; beyond the last one comes the next update's first. */
  sub(by) {
    const all = SUBSTEPS.length;
    const there = this.position * all + this.substep + by;
    if (there < 0 || there >= (this.last + 1) * all) return;
    this.substep = there % all;
    const position = Math.floor(there / all);
    if (position === this.position) this.draw();
    else this.go(position);
  }

  /** Draws at once, so that no frame is lost, but only once per painted frame; the rest waits for the next. */
  draw() {
    this.due = this.drawn;
    if (this.drawn) return;
    this.drawn = true;
    requestAnimationFrame(() => {
      this.drawn = false;
      if (this.due) this.draw();
    });
    this.moved();
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.position >= this.last) this.to(0);
    Object.assign(this, { playing: true, following: false, touched: true, exact: this.position });
    let before = performance.now();
    const tick = (time) => {
      if (!this.playing) return;
      this.exact = Math.min(this.last, this.exact + (this.speed * Math.max(0, time - before)) / 1000);
      before = time;
      this.to(Math.floor(this.exact));
      if (this.position >= this.last) this.pause();
      else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    return this.draw();
  }

  pause() {
    this.playing = false;
    this.draw();
  }

  follow(wanted) {
    this.following = wanted;
    if (wanted) this.playing = false;
    if (wanted) this.to(this.last);
    this.draw();
  }

  /** The run has grown. */
  grown() {
    if (this.following) this.to(this.last);
    this.draw();
  }
}

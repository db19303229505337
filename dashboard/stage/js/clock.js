// The clock: which recorded update is shown. Plays, follows, and tells one listener. Knows no figure.

class Clock {
  constructor(record, moved) {
    Object.assign(this, { record, moved, position: 0, playing: false, following: false, speed: 30, due: 0 });
  }

  get last() {
    return Math.max(0, this.record.length - 1);
  }

  /** Goes to a position by a person's hand: following ends where it leaves the newest update. */
  go(position) {
    this.following = this.following && position >= this.last;
    this.to(position);
  }

  to(position) {
    const next = Math.min(this.last, Math.max(0, Math.round(position)));
    if (next === this.position && this.shown) return;
    this.shown = true;
    this.position = next;
    this.schedule();
  }

  /** One drawing per painted frame, however many moves came before it. */
  schedule() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.moved();
    });
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.position >= this.last) this.to(0);
    this.playing = true;
    this.following = false;
    let before = performance.now();
    let exact = this.position;
    const tick = (time) => {
      if (!this.playing) return;
      exact = Math.min(this.last, exact + (this.speed * Math.max(0, time - before)) / 1000);
      before = time;
      if (Math.floor(exact) !== this.position) {
        this.position = Math.floor(exact);
        this.moved();
      }
      if (this.position >= this.last) return this.pause();
      this.frame = requestAnimationFrame(tick);
    };
    this.frame = requestAnimationFrame(tick);
    return this.schedule();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.schedule();
  }

  follow(wanted) {
    this.following = wanted;
    if (wanted) this.playing = false;
    if (wanted) this.to(this.last);
    this.schedule();
  }

  /** The run has grown. */
  grown() {
    if (this.following) this.to(this.last);
    this.schedule();
  }
}

// Looks at the run again and again: often while it lives and someone watches, seldom otherwise.

const SOON = 120; // milliseconds
const LATER = 3000;
const ENDED = ["finished", "stopped", "interrupted", "failed", "lost"];

class Polling {
  constructor(record, told) {
    Object.assign(this, { record, told });
  }

  /** Looks once; a look that is under way serves both who asked. told: (updates that came, whether the state is new). */
  look() {
    this.looking ||= this.once().finally(() => (this.looking = null));
    return this.looking;
  }

  async once() {
    const before = JSON.stringify(this.record.state);
    try {
      const came = await this.record.grow();
      if (!this.ended) this.told(came, before !== JSON.stringify(this.record.state));
    } catch (error) {
      this.record.state = { state: "lost", message: error.status ? error.message : "is it still running?", alive: false };
      if (!this.ended) this.told(0, true);
    }
  }

  start() {
    if (this.ended) return;
    const pause = ENDED.includes(this.record.state.state) || document.hidden ? LATER : SOON;
    this.timer = setTimeout(() => this.look().then(() => this.start()), pause);
  }

  stop() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

// A further run under the same clock: its own record and arrays, at the same update. Knows no figure.

class Twin {
  constructor(spec, stage) {
    Object.assign(this, { spec, stage, clock: stage.clock, colours: stage.colours });
    this.record = new Record(spec.url);
    this.sources = new Sources(spec.url, spec.start, this.record, () => stage.clock.draw());
    this.data = { ...stage.data, dates: spec.dates };
    this.polling = new Polling(this.record, (came) => came && stage.clock.draw());
    this.ready = this.polling.look().then(() => this.polling.start());
  }

  /** Where this run recorded that update; -1 where it did not. */
  position(step) {
    return this.record.position(step);
  }

  open(place, what, at) {
    this.stage.open(place, what, at, this.spec);
  }

  stop() {
    this.polling.stop();
    this.sources.stop();
  }
}

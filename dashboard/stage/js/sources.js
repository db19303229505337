// Where arrays come from: recorded ones in long chunks, recomputed ones in short ones, each panel's together; of a run
// that outruns its pictures the newest update alone. Knows no figure.

const RECORDED = { most: 64, kept: 40 * 2 ** 20, eager: true };
const RECOMPUTED = { most: 8, kept: 24 * 2 ** 20, eager: false }; // each update costs the server milliseconds

class Sources {
  constructor(url, start, record, arrived) {
    this.start = start;
    const address = addressed(url, start);
    this.make = (options) => new Chunks(address, record, arrived, options);
    this.newest = new Newest(address, arrived);
    this.outrun = false;
    this.stores = new Map([["", this.make(RECORDED)]]);
    this.signals = {};
    this.owner = {}; // by name of a signal, the store that has it
  }

  /** signals: { name: { axes, shape, dtype, recorded, cut } }, cut: the axis of which only the picked unit is fetched; groups: names that are shown together, panel by panel. */
  choose(whole, groups) {
    const signals = Object.fromEntries(Object.entries(whole).map(([name, signal]) => [name, fetched(signal)]));
    this.signals = signals;
    this.newest.choose(signals);
    this.owner = {};
    const wanted = new Map([["", Object.keys(signals).filter((name) => signals[name].recorded)]]);
    for (const group of groups) {
      const own = [...new Set(group)].filter((name) => name in signals && !signals[name].recorded && !(name in this.owner));
      if (own.length) wanted.set(own.join(), own);
      for (const name of own) this.owner[name] = own.join();
    }
    for (const [key, store] of this.stores) if (!wanted.has(key)) this.drop(key, store);
    for (const [key, names] of wanted) {
      if (!this.stores.has(key)) this.stores.set(key, this.make(RECOMPUTED));
      this.stores.get(key).choose(Object.fromEntries(names.map((name) => [name, signals[name]])));
    }
  }

  drop(key, store) {
    store.stop();
    this.stores.delete(key);
  }

  of(name) {
    return this.stores.get(this.owner[name] || "");
  }

  /** The array at a position: typed values, null while it is on its way, undefined where there is none. */
  at(name, position) {
    return (this.newest.has(position) ? this.newest : this.of(name)).at(name, position);
  }

  /** Why there never is one of that name; undefined where there is no reason. */
  refused(name) {
    return this.newest.refused[name] ?? this.of(name).refused[name];
  }

  has(position) {
    return this.newest.has(position) || this.all((store) => store.has(position)).every(Boolean);
  }

  /** unit: the picked one. */
  want(position, unit = this.unit ?? 0) {
    this.unit = unit;
    this.newest.pick(unit);
    this.all((store) => store.pick(unit));
    if (!this.outrun || !this.has(position)) this.all((store) => store.want(position));
  }

  /** The clock is to go to the newest update. outrun: more of them come than are drawn; then it alone is fetched. */
  follow(position, outrun) {
    this.outrun = outrun;
    if (!outrun) this.want(position);
    else if (!this.has(position)) this.newest.ask(position);
  }

  retry(position) {
    this.all((store) => store.retry(position));
  }

  /** The person has moved the clock: from now on it is worth having more than what is shown. */
  hurry() {
    this.all((store) => store.hurry());
  }

  /** Comes back when the arrays of those names at a position are here. */
  async load(names, position) {
    await Promise.all([...new Set(names.map((name) => this.of(name)))].map((store) => store.load(position)));
  }

  stop() {
    this.newest.stop();
    this.all((store) => store.stop());
  }

  all(act) {
    return [...this.stores.values()].map(act);
  }
}

/** A signal as it comes, with its whole shape beside it: of one that is cut there is one unit. */
const fetched = (signal) => ({ ...signal, whole: signal.shape, shape: signal.shape.map((length, axis) => (axis === signal.cut ? 1 : length)) });

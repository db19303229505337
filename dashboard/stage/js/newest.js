// The newest update of a run that outruns its pictures: what is drawn of it and no more, all signals in one request.
// Knows no figure.

const HELD = 2; // updates: the one that is shown, and the one that takes its place

class Newest {
  constructor(address, arrived) {
    Object.assign(this, { address, arrived, unit: 0, cuts: [], refused: {} });
    this.found = new Map(); // by position, the arrays by name
    this.stopped = new AbortController();
  }

  /** signals: { name: { cut } }; another choice begins anew. */
  choose(signals) {
    const names = Object.keys(signals);
    const cuts = cutsOf(signals);
    if (names.join() === this.names?.join() && cuts.join() === this.cuts.join()) return;
    Object.assign(this, { names, cuts, refused: {} });
    this.found.clear();
  }

  pick(unit) {
    if (this.cuts.length && unit !== this.unit) this.found.clear();
    this.unit = unit;
  }

  has(position) {
    return this.found.has(position);
  }

  /** The array at a position that is here; undefined where it was not recorded. */
  at(name, position) {
    return this.found.get(position)[name];
  }

  /** Fetches that update; while another is under way nothing happens, since a newer one will be asked for. */
  async ask(position) {
    if (this.busy || this.has(position) || this.stopped.signal.aborted) return;
    const { names, unit, found } = this;
    this.busy = true;
    try {
      const { header, arrays } = await fetchPacked(this.address({ first: position, count: 1, names, cuts: this.cuts, unit }), this.stopped.signal);
      if (names !== this.names || unit !== this.unit || !header.count) return;
      Object.assign(this.refused, header.refused);
      const there = Object.entries(arrays).filter(([name]) => !header.missing[name].length);
      found.set(position, Object.fromEntries(there.map(([name, { values }]) => [name, values])));
      if (found.size > HELD) found.delete(found.keys().next().value);
    } catch {
      return; // it is asked for again when the run has grown
    } finally {
      this.busy = false;
    }
    this.arrived(position, position + 1);
  }

  stop() {
    this.stopped.abort();
  }
}

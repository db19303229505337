// Where arrays come from: recorded ones in long chunks, recomputed ones in short ones. Knows no figure.

const RECORDED = { most: 64, kept: 40 * 2 ** 20 };
const RECOMPUTED = { most: 16, kept: 24 * 2 ** 20 }; // each update costs the server milliseconds

class Sources {
  constructor(url, start, record, arrived) {
    const chunks = (options) => new Chunks(url, start, record, arrived, options);
    this.stores = [chunks(RECORDED), chunks(RECOMPUTED)];
    this.signals = {};
  }

  /** signals: { name: { axes, shape, dtype, recorded } }, all that the panels show. */
  choose(signals) {
    this.signals = signals;
    const those = (recorded) => Object.fromEntries(Object.entries(signals).filter(([, one]) => one.recorded === recorded));
    this.stores.forEach((store, i) => store.choose(those(i === 0)));
  }

  of(name) {
    return this.stores[this.signals[name]?.recorded === false ? 1 : 0];
  }

  /** The array at a position: typed values, null while it is on its way, undefined where there is none. */
  at(name, position) {
    return this.of(name).at(name, position);
  }

  /** Why there never is one of that name; undefined where there is no reason. */
  refused(name) {
    return this.of(name).refused[name];
  }

  has(position) {
    return this.stores.every((store) => store.has(position));
  }

  want(position) {
    for (const store of this.stores) store.want(position);
  }

  retry(position) {
    for (const store of this.stores) store.retry(position);
  }

  stop() {
    for (const store of this.stores) store.stop();
  }
}

// Arrays of updates, fetched in chunks: the needed one first, then its neighbours. Knows no figure.

const LARGEST_CHUNK = 4 * 2 ** 20; // bytes: with many large signals a chunk holds fewer updates
const AGAIN = 500; // milliseconds

class Chunks {
  /** most: updates in a chunk; kept: bytes. Below that, an eager one fetches a run whole, once the clock was moved. */
  constructor(address, record, arrived, { most, kept, eager }) {
    Object.assign(this, { address, record, arrived, most, kept, eager });
    this.refused = {}; // by name, why there is none
    this.waiting = []; // told when a chunk has come
    this.chunks = new Map(); // by number, the least recently used first
    this.wanted = 0;
    this.busy = false;
    this.names = [];
    this.cuts = [];
    this.unit = 0;
    this.stopped = new AbortController();
  }

  /** Which signals the panels show, { name: { shape, dtype } }; another choice begins anew. */
  choose(signals) {
    const names = Object.keys(signals);
    const cuts = cutsOf(signals);
    if (names.join() === this.names.join() && cuts.join() === this.cuts.join()) return;
    Object.assign(this, { names, cuts });
    this.sizes = Object.fromEntries(names.map((name) => [name, product(signals[name].shape)]));
    this.bytes = names.reduce((sum, name) => sum + this.sizes[name] * KINDS[signals[name].dtype].BYTES_PER_ELEMENT, 0);
    this.span = Math.max(1, Math.min(this.most, Math.floor(LARGEST_CHUNK / Math.max(1, this.bytes))));
    this.chunks.clear();
    this.refused = {};
  }

  /** Another unit was picked: what was cut at the one before is no longer what is wanted. */
  pick(unit) {
    const other = this.cuts.length && unit !== this.unit;
    this.unit = unit;
    if (!other) return;
    this.names = [...this.names]; // what is on its way is of the unit before, and is dropped
    this.chunks.clear();
  }

  /** Whether everything there will ever be of a position is here. */
  has(position) {
    const chunk = this.chunks.get(Math.floor(position / this.span));
    return !this.names.length || Boolean(chunk && position % this.span < chunk.filled);
  }

  /** The array at a position: typed values, null while it is on its way, undefined where it was not recorded. */
  at(name, position) {
    if (!this.names.includes(name)) return undefined;
    const chunk = this.chunks.get(Math.floor(position / this.span));
    const row = position % this.span;
    if (!chunk || row >= chunk.filled) return null;
    const place = chunk.rows[name].get(row);
    if (place === undefined) return undefined;
    const size = this.sizes[name];
    return chunk.parts[name][place[0]].subarray(place[1] * size, (place[1] + 1) * size);
  }

  /** Says where the clock is: that chunk is fetched first. */
  want(position) {
    this.wanted = position;
    const number = Math.floor(position / this.span);
    const chunk = this.chunks.get(number);
    if (chunk) {
      this.chunks.delete(number);
      this.chunks.set(number, chunk);
    }
    this.next();
  }

  /** From now on more is fetched than what is shown and its neighbours. */
  hurry() {
    if (this.hurried) return;
    this.hurried = true;
    this.next();
  }

  /** Comes back when a position is here, whichever the clock wants meanwhile. */
  async load(position) {
    while (!this.has(position) && !this.stopped.signal.aborted) {
      this.also = Math.floor(position / this.span);
      const came = new Promise((done) => this.waiting.push(done));
      this.next();
      await came;
    }
  }

  /** While training goes on, what was missing here may have been computed since: asked again, but not hastily. */
  retry(position) {
    const chunk = this.chunks.get(Math.floor(position / this.span));
    const row = position % this.span;
    if (!chunk || row >= chunk.filled || performance.now() - chunk.at < AGAIN) return;
    chunk.stale = this.names.some((name) => !chunk.rows[name].has(row));
    if (chunk.stale) this.next();
  }

  async next() {
    if (this.busy || !this.names.length || this.stopped.signal.aborted) return;
    const number = this.choice();
    if (number === undefined) return;
    this.busy = true;
    try {
      await this.fetch(number);
    } catch (error) {
      if (error.name !== "AbortError") setTimeout(() => this.next(), 2 * AGAIN);
      return;
    } finally {
      this.busy = false;
    }
    for (const done of this.waiting.splice(0)) done();
    const filled = this.chunks.get(number)?.filled; // none where another choice was made meanwhile
    if (filled) this.arrived(number * this.span, number * this.span + filled);
    this.next();
  }

  /** The number of the chunk to fetch now: the wanted one, then the nearest that fit into memory. */
  choice() {
    const last = Math.floor((this.record.count - 1) / this.span);
    const centre = Math.floor(this.wanted / this.span);
    const all = this.eager && this.hurried && this.bytes * this.record.count <= this.kept;
    if (this.complete(centre) && this.also <= last && !this.complete(this.also)) return this.also;
    const reach = !this.hurried ? 1 : all ? last : Math.min(this.eager ? last : 2, Math.max(1, Math.floor(this.kept / (this.bytes * this.span) / 4)));
    for (let distance = 0; distance <= reach; distance += 1) {
      for (const number of [centre + distance, centre - distance]) {
        if (number >= 0 && number <= last && !this.complete(number)) return number;
      }
    }
    return undefined;
  }

  complete(number) {
    const chunk = this.chunks.get(number);
    return Boolean(chunk) && !chunk.stale && chunk.filled >= Math.min(this.span, this.record.count - number * this.span);
  }

  /** Appends what the chunk lacks; a stale one is fetched whole and takes the old one's place when it is there. */
  async fetch(number) {
    const names = this.names;
    const old = this.chunks.get(number);
    const empty = (make) => Object.fromEntries(names.map((name) => [name, make()]));
    const chunk = old && !old.stale ? old : { filled: 0, parts: empty(() => []), rows: empty(() => new Map()) };
    const first = number * this.span + chunk.filled;
    const count = Math.min(this.span, this.record.count - number * this.span) - chunk.filled;
    const { header, arrays } = await fetchPacked(this.address({ first, count, names, cuts: this.cuts, unit: this.unit }), this.stopped.signal);
    if (names !== this.names) return;
    Object.assign(this.refused, header.refused);
    for (const name of names.filter((one) => one in arrays)) {
      const missing = new Set(header.missing[name]);
      const part = chunk.parts[name].push(arrays[name].values) - 1;
      let place = 0;
      for (let row = 0; row < header.count; row += 1) {
        if (!missing.has(row)) chunk.rows[name].set(chunk.filled + row, [part, place++]);
      }
    }
    chunk.filled += header.count;
    chunk.at = performance.now();
    this.chunks.set(number, chunk);
    while (this.chunks.size > 1 && this.chunks.size * this.bytes * this.span > this.kept) {
      this.chunks.delete(this.chunks.keys().next().value);
    }
  }

  stop() {
    this.stopped.abort();
    for (const done of this.waiting.splice(0)) done();
  }
}

/** "axis:name" of those signals of which only one unit is fetched. */
const cutsOf = (signals) => Object.keys(signals).filter((name) => signals[name].cut !== null).map((name) => `${signals[name].cut}:${name}`);

/** Where the arrays of some updates are asked for, of the window that begins at `start`. */
const addressed = (url, start) => ({ first, count, names, cuts, unit }) => {
  const listed = (all) => all.map(encodeURIComponent).join(",");
  return `${url}/frames?first=${first}&count=${count}&start=${start}&unit=${unit}&cuts=${listed(cuts)}&signals=${listed(names)}`;
};

const product = (shape) => shape.reduce((sum, n) => sum * n, 1);

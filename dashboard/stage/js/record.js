// What the browser knows of the run so far: one number per recorded update, appended while training goes on.

const COLUMNS = ["step", "epoch", "loss", "validation", "learning_rate", "norm", "clipped norm", "scale"];

const CLEARLY = 0.2; // of the rate before

class Record {
  constructor(url) {
    this.url = url;
    this.columns = new Map(COLUMNS.map((name) => [name, []]));
    this.expected = 0; // updates that the page's script has seen; their arrays can be asked for before the history is here
    this.events = [];
    this.state = { state: "new", message: "", alive: false };
    this.signals = {};
    this.parameters = [];
    this.updates = null;
    this.measured = null; // after how many updates validation is measured again
  }

  get length() {
    return this.steps.length;
  }

  get count() {
    return Math.max(this.length, this.expected);
  }

  get steps() {
    return this.columns.get("step");
  }

  /** Where that update was recorded; -1 where it was not. */
  position(step) {
    if (this.steps[step] === step) return step; // every update from 0 on was recorded
    return this.steps.indexOf(step);
  }

  /** Asks for what is new; the number of updates that came. */
  async grow(signal) {
    const after = this.length ? this.steps[this.length - 1] : -1;
    const { header, arrays } = await fetchPacked(`${this.url}/history?after=${after}`, signal);
    const { state, message, alive } = header;
    this.state = { state, message, alive };
    Object.assign(this, { signals: header.signals, parameters: header.parameters, updates: header.updates, measured: header.measured });
    const came = arrays.step.values.length;
    for (const name of COLUMNS) for (const value of arrays[name].values) this.columns.get(name).push(value);
    this.appendNorms(arrays.before, came);
    this.appendEvents([...header.events, ...this.rates(came)], came);
    return came;
  }

  appendNorms({ shape, values }, came) {
    this.parameters.forEach((name, column) => {
      const norms = this.column(`before/${name}`, this.length - came);
      for (let row = 0; row < came; row += 1) norms.push(values[row * shape[1] + column]);
    });
  }

  /** Where the learning rate is clearly another than at the update before; a schedule that glides is no event. */
  rates(came) {
    const [steps, rates] = [this.steps, this.column("learning_rate")];
    const found = [];
    for (let i = Math.max(2, this.length - came); i < this.length; i += 1) {
      if (Math.abs(rates[i] - rates[i - 1]) > CLEARLY * rates[i - 1]) found.push([steps[i], "learning rate changed"]);
    }
    return found;
  }

  appendEvents(events, came) {
    this.events.push(...events);
    const positions = new Map(this.steps.slice(this.length - came).map((step, i) => [step, this.length - came + i]));
    const names = new Set([...events.map((event) => event[1]), ...this.eventNames()]);
    for (const name of names) {
      const happened = this.column(`event/${name}`, this.length - came);
      while (happened.length < this.length) happened.push(NaN);
    }
    for (const [step, name] of events) this.columns.get(`event/${name}`)[positions.get(step)] = 1;
  }

  eventNames() {
    return [...this.columns.keys()].filter((name) => name.startsWith("event/")).map((name) => name.slice(6));
  }

  /** The column of that name, made of NaN so far where it begins only now. */
  column(name, length = this.length) {
    if (!this.columns.has(name)) this.columns.set(name, new Array(length).fill(NaN));
    return this.columns.get(name);
  }

  at(name, position) {
    const column = this.columns.get(name);
    return column ? column[position] : NaN;
  }
}

// The colour of a number: a diverging scale, centred on zero, with one range for each family over the whole sheet.

class Colours {
  constructor(scales, numbers, blocks) {
    this.scales = scales;
    this.limits = {};
    for (const block of blocks) {
      for (const position of block.cells.flat()) {
        const value = Math.abs(numbers[position]?.value ?? 0);
        this.limits[block.family] = Math.max(this.limits[block.family] ?? 1e-12, value);
      }
    }
  }

  /** Ground and ink for a value of that family. */
  of(value, family, dark) {
    if (family === "grey") return grey(value);
    const scale = this.scales[family][dark ? "dark" : "light"];
    const at = 0.5 + 0.5 * Math.max(-1, Math.min(1, value / (this.limits[family] || 1)));
    const next = scale.findIndex(([stop]) => stop >= at);
    const [[from, first], [to, second]] = next > 0 ? [scale[next - 1], scale[next]] : [scale[0], scale[1]];
    const part = (at - from) / (to - from);
    const mixed = parse(first).map((channel, n) => Math.round(channel + part * (parse(second)[n] - channel)));
    const light = (0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2]) / 255;
    return { ground: `rgb(${mixed.join(" ")})`, ink: light > 0.52 ? "#14191f" : "#fbfaf7" };
  }
}

/** An image: 0 is black and 1 is white, in either theme. */
const grey = (value) => {
  const level = Math.round(255 * Math.max(0, Math.min(1, value)));
  return { ground: `rgb(${level} ${level} ${level})`, ink: level > 132 ? "#14191f" : "#fbfaf7" };
};

const parse = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));

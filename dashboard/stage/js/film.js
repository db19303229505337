// A panel as a file of its own: pictures of one moment, or a film of the run that plays with no internet.
// The film's own script stands at the end; it knows nothing of the app.

const MOST_FRAMES = 120;

const save = (blob, name) => {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/** Typed values as text that a file holds to the bit; rows of them stay rows. */
const kept = (values) => {
  if (!ArrayBuffer.isView(values)) return Array.isArray(values) ? values.map(kept) : values;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return { kind: values.constructor.name, text: btoa(text) };
};

/** The lines that mark the step, as shapes: overlays are no part of a figure. */
const uprightShapes = (plot, step) =>
  plot.uprights(step).map(({ axis, at }) => ({ type: "line", x0: at, x1: at, y0: 0, y1: 1, xref: axis, yref: "paper", line: { width: 1, color: "#8994a3" } }));

/** The figure as it stands, with a ground of its own. */
const standing = (plot, theme, step) => {
  const { data, layout } = plot.element;
  const grounds = { paper_bgcolor: theme.background, plot_bgcolor: theme.background };
  return { data, layout: { ...layout, ...grounds, shapes: [...(layout.shapes || []), ...uprightShapes(plot, step)] } };
};

/** PNG or SVG of every figure of a panel. */
const savePicture = async (panel, format, theme) => {
  const { record, clock } = panel.shared;
  const step = record.steps[clock.position];
  await Promise.all(panel.plots.map((plot) => plot.load(clock.position)));
  for (const [i, plot] of panel.plots.entries()) {
    const { clientWidth: width, clientHeight: height } = plot.element;
    const url = await Plotly.toImage(standing(plot, theme, step), { format, width, height, scale: format === "png" ? 2 : 1 });
    save(await (await fetch(url)).blob(), `${panel.spec.title}-${step}${i ? `-${i + 1}` : ""}.${format}`.replaceAll(" ", "-"));
  }
};

/** The film of a panel; told(done, of) hears how far it is, and stops it by answering false. */
const makeFilm = async (panel, plotlyUrl, theme, told) => {
  const { record, supposed } = panel.shared;
  supposed?.clear(); // a film is of what was recorded
  const positions = keyPositions(record, MOST_FRAMES);
  const film = { steps: positions.map((position) => record.steps[position]), plots: panel.plots.map((plot) => ({ ...JSON.parse(JSON.stringify(standing(plot, theme, -1))), frames: [] })) };
  for (const [done, position] of positions.entries()) {
    if (told(done, positions.length) === false) return null;
    await Promise.all(panel.plots.map((plot) => plot.load(position)));
    panel.plots.forEach((plot, i) => {
      const changes = plot.changes(position);
      const fills = typeof changes === "object" ? changes.map(({ attribute, trace, values }) => ({ path: attribute.split("."), trace, values: kept(values) })) : null;
      film.plots[i].frames.push({ fills, shapes: [...(plot.element.layout.shapes || []), ...uprightShapes(plot, record.steps[position])] });
    });
    if (done % 8 === 7) await new Promise((next) => setTimeout(next)); // the page stays alive
  }
  const plotly = (await (await fetch(plotlyUrl)).text()).replaceAll("</script", "<\\/script");
  return new Blob([filmPage(panel.spec, theme, JSON.stringify(film), plotly)], { type: "text/html" });
};

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const filmPage = ({ title, sentence, how }, theme, film, plotly) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:72rem;padding:0 1rem;color:${theme.text};background:${theme.background}}
p{max-width:60rem}nav{display:flex;gap:1rem;align-items:center}input{flex:1}#plots>div{height:28rem;position:relative}.none{opacity:.15}</style>
<h1>${escaped(title)}</h1><p>${escaped(sentence)}</p><nav><button id="play">Play</button><input id="at" type="range" aria-label="Update"><output id="says"></output></nav>
<div id="plots"></div><p>${escaped(how)}</p>
<script>${plotly}</script><script type="application/json" id="film">${film.replaceAll("<", "\\u003c")}</script>
<script>(${player})();</script></html>`;

/** Runs in the film, by itself. */
const player = () => {
  const film = JSON.parse(document.getElementById("film").textContent);
  const [at, play, says] = ["at", "play", "says"].map((id) => document.getElementById(id));
  const kinds = { Float32Array, Float64Array, Int32Array, Uint8Array };
  const open = (one) => (Array.isArray(one) ? one.map(open) : one && one.text !== undefined && one.kind ? new kinds[one.kind](Uint8Array.from(atob(one.text), (c) => c.charCodeAt(0)).buffer) : one);
  const plots = film.plots.map(({ data, layout }) => {
    const element = document.getElementById("plots").appendChild(document.createElement("div"));
    Plotly.newPlot(element, data, { ...layout, autosize: true, width: undefined, height: undefined }, { displaylogo: false, responsive: true });
    return element;
  });
  const show = () => {
    const frame = at.valueAsNumber;
    says.textContent = `update ${film.steps[frame]}`;
    document.body.dataset.shown = film.steps[frame];
    film.plots.forEach(({ frames }, i) => {
      const { fills, shapes } = frames[frame];
      plots[i].className = fills ? plots[i].className.replace(" none", "") : `${plots[i].className} none`;
      for (const { path, trace, values } of fills || []) path.slice(0, -1).reduce((at, key) => at[key], plots[i].data[trace])[path.at(-1)] = open(values);
      plots[i].layout.shapes = shapes;
      Plotly.redraw(plots[i]);
    });
  };
  Object.assign(at, { min: 0, max: film.steps.length - 1, value: film.steps.length - 1 });
  at.addEventListener("input", show);
  let timer;
  play.addEventListener("click", () => {
    clearInterval(timer);
    if ((play.textContent = play.textContent === "Play" ? "Pause" : "Play") === "Play") return;
    if (at.value === at.max) at.value = 0;
    timer = setInterval(() => {
      at.valueAsNumber += 1;
      show();
      if (at.value === at.max) play.click();
    }, 1000 / 12);
  });
  show();
};

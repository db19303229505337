// Fetches Plotly, once for a page, and keeps it under this module's own name: a chart of Streamlit's puts another one in
// its global place, which would draw on and forget who listens to a figure. Knows no stage.

let Plotly;

const plotlyOf = (url) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    const other = globalThis.Plotly;
    const onload = () => {
      done(globalThis.Plotly);
      if (other) globalThis.Plotly = other;
    };
    Object.assign(script, { src: url, onload, onerror: () => failed(new Error("plotly.min.js was not found.")) });
    document.head.append(script);
  });

const loadPlotly = async (url) => {
  Plotly = await (globalThis.unrolledPlotly ||= plotlyOf(url));
};

// Fetches Plotly, once for a page; what it returns is kept when it has come. Knows no stage.

const loadPlotly = (url) =>
  (globalThis.unrolledPlotly ||= globalThis.Plotly
    ? Promise.resolve()
    : new Promise((done, failed) => {
        const script = document.createElement("script");
        Object.assign(script, { src: url, onload: done, onerror: () => failed(new Error("plotly.min.js was not found.")) });
        document.head.append(script);
      }));

// The theme of the page, from Streamlit's CSS variables, put on figures. Knows no data.

const readTheme = (element) => {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const theme = {
    text: read("text-color", "#2b3640"),
    background: read("background-color", "#ffffff"),
    border: read("border-color", "#dddddd"),
    font: read("font", "sans-serif"),
  };
  theme.dark = luminance(theme.background) < 0.4;
  theme.name = JSON.stringify(theme);
  return theme;
};

const luminance = (colour) => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
};

/** The names of a layout's colour axes. */
const coloured = (layout) => Object.keys(layout).filter((key) => /^coloraxis\d*$/.test(key));

/** Puts text, grid and signed colours of the theme on a figure, in place. */
const dress = (figure, theme, { scales, inked }) => {
  const { layout, data } = figure;
  layout.font = { ...layout.font, color: theme.text, family: theme.font };
  layout.hoverlabel = { ...layout.hoverlabel, bgcolor: theme.background, bordercolor: theme.border };
  layout.hoverlabel.font = { ...layout.hoverlabel.font, color: theme.text, family: theme.font };
  layout.modebar = { ...layout.modebar, bgcolor: theme.background }; // it lies on words of the figure
  for (const name of Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))) {
    layout[name].gridcolor = theme.border;
  }
  for (const name of coloured(layout)) {
    const family = layout.meta?.scales?.[name] || "diverging";
    layout[name].colorscale = scales[family][theme.dark ? "dark" : "light"];
  }
  for (const trace of data.filter((one) => one.meta === inked)) {
    for (const part of [trace.line, trace.marker, trace.marker?.line]) if (part) part.color = theme.text;
  }
};

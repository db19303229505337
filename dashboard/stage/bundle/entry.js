// The parts of plotly.js that the stage's figures use; `npm install --ignore-scripts && node build.js` makes plotly.min.js.

const Plotly = require("plotly.js/lib/core"); // with scatter

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/contour"), require("plotly.js/lib/heatmap"), require("plotly.js/lib/waterfall")]);
module.exports = Plotly;

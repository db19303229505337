// Bundles entry.js as plotly.js bundles its own: the settings are those of its esbuild-config.js.

const { environmentPlugin } = require("esbuild-plugin-environment");
const { glsl } = require("esbuild-plugin-glsl");
const inlineStyles = require("esbuild-plugin-inline-css");
const { version } = require("plotly.js/package.json");

const banner = `/*!
 * plotly.js v${version}, the parts named in entry.js
 * Copyright 2012-2026, Plotly, Inc. All rights reserved.
 * Licensed under the MIT license
 */`;

require("esbuild").build({
  entryPoints: ["entry.js"],
  outfile: "plotly.min.js",
  format: "iife",
  globalName: "Plotly",
  bundle: true,
  minify: true,
  legalComments: "none",
  banner: { js: banner },
  plugins: [inlineStyles(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: "@plotly/regl", stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false" },
  target: "es2016",
});

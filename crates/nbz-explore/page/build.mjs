// Makes the committed bundles: the explorer's classic script and style sheet, and the script of the report's charts.
// `--tests` bundles the unit tests for Node.
import { build } from "esbuild";
import { readFileSync, readdirSync } from "node:fs";

const tests = process.argv.includes("--tests");
const outdir = process.argv.at(-1);

if (tests) {
  await build({
    entryPoints: readdirSync("test").filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
    bundle: true,
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    outdir,
  });
} else {
  const target = ["es2022", "chrome109", "firefox115", "safari16.4"];
  const script = { bundle: true, format: "iife", target, minify: true, charset: "utf8", legalComments: "none", outdir };
  await build({ ...script, entryPoints: { explorer: "src/main.ts" } });
  // A library's licence asks to go wherever the library goes.
  const licence = readFileSync("node_modules/plotly.js-basic-dist-min/LICENSE", "utf8");
  await build({ ...script, entryPoints: { charts: "src/report/main.ts" }, banner: { js: `/*! plotly.js:\n${licence}*/` } });
  await build({
    entryPoints: { explorer: "src/style.css" },
    minify: true,
    target: ["chrome109", "firefox115", "safari16.4"],
    outdir,
  });
}

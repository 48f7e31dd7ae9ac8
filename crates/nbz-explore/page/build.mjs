// Makes the committed bundle: one classic script and one style sheet. `--tests` bundles the unit tests for Node.
import { build } from "esbuild";
import { readdirSync } from "node:fs";

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
  await build({
    entryPoints: { explorer: "src/main.ts" },
    bundle: true,
    format: "iife",
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    outdir,
  });
  await build({
    entryPoints: { explorer: "src/style.css" },
    minify: true,
    target: ["chrome109", "firefox115", "safari16.4"],
    outdir,
  });
}

// How fast the page is in a real browser: first paint, first points, ready, and from a slider's move to the picks. Prints the
// table of docs/benchmarks.md. The budgets: first paint below 1 s, slider to picks below 16 ms, on NAS-Bench-201.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const BINARY = resolve(process.env.NBZERO ?? "../../../target/release/nbzero");
const LOADS = 7;
const MOVES = 200;

const folder = mkdtempSync(join(tmpdir(), "nbzero-speed-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});

const sorted = (values) => [...values].sort((a, b) => a - b);
const at = (values, share) => sorted(values)[Math.min(Math.floor(values.length * share), values.length - 1)];
const ms = (value) => `${value.toFixed(1)} ms`;
const line = (...cells) => console.log(`| ${cells.join(" | ")} |`);

line("table", "what", "median", "95th of 100", "of");
console.log("|---|---|---|---|---|");
for (const [table, networks] of [["nas-bench-201", "15,625"], ["nas-bench-macro", "3,969"]]) {
  const file = join(folder, `${table}.html`);
  const started = performance.now();
  execFileSync(BINARY, ["--quiet", "explore", "--table", table, "-o", file]);
  const wrote = performance.now() - started;
  const name = `${table}, ${networks} networks, ${(statSync(file).size / 1e6).toFixed(1)} MB`;
  line(name, "`nbzero explore`", ms(wrote), "-", "1");
  const times = { paint: [], points: [], ready: [] };
  let page;
  for (let load = 0; load < LOADS; load += 1) {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`file://${file}`);
    await page.waitForSelector("html[data-ready=yes]", { state: "attached" });
    const marks = await page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      points: performance.getEntriesByName("explorer-points")[0].startTime,
      ready: performance.getEntriesByName("explorer-ready")[0].startTime,
    }));
    for (const [key, value] of Object.entries(marks)) times[key].push(value);
  }
  line(name, "opened to first paint", ms(at(times.paint, 0.5)), ms(at(times.paint, 0.95)), LOADS);
  line(name, "opened to the points", ms(at(times.points, 0.5)), ms(at(times.points, 0.95)), LOADS);
  line(name, "opened to everything at work", ms(at(times.ready, 0.5)), ms(at(times.ready, 0.95)), LOADS);
  // Each move is an event of its own with a frame between, as from a hand.
  const moves = await page.evaluate(async (moves) => {
    const slider = document.querySelector("#limit-macs");
    performance.clearMeasures();
    const frames = [];
    for (let move = 0; move < moves; move += 1) {
      slider.value = String(1000 - ((move * 37) % 900));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      frames.push(await new Promise((frame) => requestAnimationFrame(frame)));
    }
    const durations = (name) => performance.getEntriesByName(name).map(({ duration }) => duration);
    return { whole: durations("explorer-answer"), picks: durations("explorer-picks"), frames: frames.slice(1).map((time, at) => time - frames[at]) };
  }, MOVES);
  line(name, "slider to picks and mBR of all scores", ms(at(moves.picks, 0.5)), ms(at(moves.picks, 0.95)), MOVES);
  line(name, "slider to picks, table and points drawn", ms(at(moves.whole, 0.5)), ms(at(moves.whole, 0.95)), MOVES);
  line(name, "frame to frame while dragging", ms(at(moves.frames, 0.5)), ms(at(moves.frames, 0.95)), MOVES - 1);
  await page.close();
}
await browser.close();
rmSync(folder, { recursive: true, force: true });

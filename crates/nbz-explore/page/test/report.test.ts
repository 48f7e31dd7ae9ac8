// The report's charts: what plotly is given follows from a figure's CSV alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { look } from "../src/report/look.ts";
import { sheetOf } from "../src/report/sheet.ts";
import { budgets, scatter, scoresOf, subsets } from "../src/report/traces.ts";

interface Trace {
  name?: string;
  mode?: string;
  x: (number | null)[];
  y: (number | null)[];
  text?: string[];
  yaxis?: string;
}
const traces = (data: object[]) => data as Trace[];

const SCORES = sheetOf('network,accuracy,wide,flat,"a,b<i>"\nnet:1,90,1e-3,-1,\nnet:2,91,1e9,2,nan\nnet:3,92.5,5,3,inf\n');

test("a point a network, named; what was not computed or is not finite has no place", () => {
  assert.deepEqual(scoresOf(SCORES), ["wide", "flat", "a,b<i>"]);
  const [flat] = traces(scatter(SCORES, "flat", false).data);
  assert.deepEqual([flat?.x, flat?.y, flat?.text], [[-1, 2, 3], [90, 91, 92.5], ["net:1", "net:2", "net:3"]]);
  const [odd] = traces(scatter(SCORES, "a,b<i>", true).data);
  assert.deepEqual(odd?.x, [null, null, null]);
  assert.ok(!JSON.stringify(scatter(SCORES, "a,b<i>", false)).includes("<i>"));
});

test("more than three decades of positive scores stand on a logarithmic axis", () => {
  const type = (score: string) => (scatter(SCORES, score, false).layout["xaxis"] as { type: string }).type;
  assert.deepEqual([type("wide"), type("flat")], ["log", "linear"]);
});

test("a score has two lines under budgets, in one colour and with one entry", () => {
  const csv = "score,budget,limit,feasible,accuracy,accuracy_low,accuracy_high,rank_share\n" +
    "oracle,1,10,5,90,,,0\noracle,2,20,9,92,,,0\nmacs,1,10,5,80,,,0.5\nmacs,2,20,9,,,,0.25\n";
  const lines = traces(budgets(sheetOf(csv), "MACs", false).data);
  assert.deepEqual(lines.map(({ name }) => name), ["oracle", "oracle", "macs", "macs"]);
  assert.deepEqual(lines[2]?.y, [80, null]);
  assert.deepEqual([lines[3]?.x, lines[3]?.y, lines[3]?.yaxis], [[10, 20], [0.5, 0.25], "y2"]);
});

test("subsets of one kind are a line over sizes; several of one size are points", () => {
  const csv = "hybrid,measured on,subset,size,proxies,mbr\n" +
    "ranksum,here,best,1,zen,0.2\nranksum,here,best,2,zen + ntk,0.1\nvote,here,top,2,zen + ntk,0.1\nvote,here,top,2,zen + snip,0.3\n";
  const [line, points] = traces(subsets(sheetOf(csv), false).data);
  assert.deepEqual([line?.name, line?.mode, line?.x, line?.y], ["ranksum, best", "lines+markers", [1, 2], [0.2, 0.1]]);
  assert.deepEqual([points?.mode, points?.text], ["markers", ["zen<br>ntk", "zen<br>snip"]]);
});

test("subsets have a colour a choice, a dash a hybrid, and their interval under the pointer", () => {
  const kinds = ["chosen here", "tested", "chosen here with costs", "tested with costs", "chosen there"];
  const hybrids = ["ranksum", "logranksum"];
  const rows = kinds.flatMap((kind) => hybrids.map((hybrid) => `${hybrid},here,${kind},1,zen,0.2,0.1,0.25`));
  const csv = `hybrid,measured on,subset,size,proxies,mbr,mbr_low,mbr_high\n${rows.join("\n")}\nvote,here,top,1,zen,0.2,,\n`;
  const drawn = subsets(sheetOf(csv), false).data as { line: { color: string; dash: string }; customdata: string[] }[];
  const looks = drawn.map(({ line }) => `${line.color} ${line.dash}`);
  assert.equal(new Set(looks).size, 11, "no two look alike");
  assert.equal(new Set(drawn.map(({ line }) => line.color)).size, 6);
  assert.deepEqual(drawn.slice(0, 2).map(({ line }) => line.dash), ["solid", "dash"]);
  assert.deepEqual([drawn[0]?.customdata, drawn[10]?.customdata], [[" [0.1000, 0.2500]"], [""]]);
});

test("scores have the colours of the static figures", () => {
  const rust = readFileSync("../../nbz-figures/src/look.rs", "utf8");
  const list = (name: string) => {
    const [, body] = new RegExp(`const ${name}: \\[&str; \\d+\\] = \\[([^\\]]*)\\]`).exec(rust) ?? [];
    return [...(body ?? "").matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? "");
  };
  const [colours, proxies] = [list("MUTED"), list("PROXIES")];
  assert.deepEqual([colours.length, proxies.length], [9, 9]);
  const hex = (css: string) => `#${(css.match(/\d+/g) ?? []).map((n) => Number(n).toString(16).padStart(2, "0")).join("")}`.toUpperCase();
  assert.deepEqual(proxies.map((name) => hex(look(name, 0, false).color)), colours);
});

// The address says the view and the view the address; numbers are read as commands read them and shown for people.

import assert from "node:assert/strict";
import { test } from "node:test";

import { full, parseQuantity, short, whyNoQuantity } from "../src/quantity.ts";
import { type Scale, airy, pixel, ticks, valueAt } from "../src/scale.ts";
import { type View, fromHash, toHash } from "../src/state.ts";
import { segmentsOf } from "../src/drawing.ts";
import { csvOf } from "../src/selection.ts";
import { Column } from "../src/column.ts";
import type { Model, Named } from "../src/model.ts";

const USUAL: View = {
  dataset: "cifar10", x: "macs", y: "test_acc", colour: "naswot", log: {}, limits: new Map(), only: new Map(),
  selection: undefined, zoom: undefined, network: undefined, beside: undefined,
};

test("every view survives the way through an address", () => {
  const view: View = {
    dataset: "cifar100", x: "own:a&b=c #d", y: "synflow", colour: "choice:edge 0-3", log: { x: false, y: true },
    limits: new Map([["macs", 6e7], ["raspi4_latency_ms", 3.25]]),
    only: new Map([["edge 0-1", ["none", "a.b=c&d"]], ["edge 0-2", []]]),
    selection: { x: [1e6, 2e6], y: [-1.5, 90] }, zoom: "all", network: "|a~0|+|b~0|c~1|", beside: "nb201:000000",
  };
  assert.deepEqual(fromHash(`#${toHash(view, USUAL)}`, USUAL), view);
  assert.equal(toHash(USUAL, USUAL), "");
  assert.deepEqual(fromHash("", USUAL), USUAL);
});

test("what an address says wrongly is as by default", () => {
  const wrong = "#max.macs=many&max.params=&box=1_2_3&zoom=2_1_0_1&scale.x=cubic&unknown=1&max.=4&=";
  // A limit of a column that there is not bounds nothing.
  assert.deepEqual(fromHash(wrong, USUAL), { ...USUAL, limits: new Map([["", 4]]) });
});

test("quantities as people write them", () => {
  // Oracle: nbz-table's Quantity.
  const cases: [string, number | undefined][] = [
    ["60M", 6e7], ["1.5G", 1.5e9], ["2k", 2000], ["2K", 2000], ["1B", 1e9], [" 7,713,280 ", 7_713_280], ["1e6", 1e6], ["3ms", 3],
    [".5", 0.5], ["60m", undefined], ["", undefined], ["many", undefined], ["1e999", undefined], ["--1", undefined],
  ];
  for (const [text, value] of cases) assert.equal(parseQuantity(text), value, text);
});

test("a text that is no limit is refused with the reason", () => {
  const cases: [string, string | undefined][] = [
    ["60M", undefined], [" 3ms ", undefined], ["60m", "“60m” could be milli: write M for a million."],
    ["1e999", "“1e999” is too large for a number."], ["many ", "“many” is not a number such as 60M, 1.5G or 3."],
    ["--1", "“--1” is not a number such as 60M, 1.5G or 3."],
  ];
  for (const [text, why] of cases) assert.equal(whyNoQuantity(text), why, text);
});

test("numbers are shown short and in full", () => {
  const cases: [number | undefined, string, string][] = [
    [60_000_000, "60.0M", "60,000,000"], [93.75, "93.8", "93.75"], [7.36e34, "7.4e34", "7.36e+34"], [-0.5, "−0.500", "−0.5"],
    [0, "0", "0"], [NaN, "NaN", "NaN"], [-Infinity, "−∞", "−∞"], [undefined, "–", "missing"], [0.00001, "1e−5", "0.00001"],
  ];
  for (const [value, brief, whole] of cases) assert.deepEqual([short(value), full(value)], [brief, whole], String(value));
});

test("axes turn values into pixels and back, and their ticks are round", () => {
  const linear: Scale = { log: false, domain: [0, 100], range: [50, 250] };
  assert.equal(pixel(linear, 25), 100);
  assert.equal(valueAt(linear, 100), 25);
  assert.deepEqual(ticks(linear, 4), [0, 25, 50, 75, 100]);
  const log: Scale = { log: true, domain: [1, 1e4], range: [400, 0] };
  assert.equal(Math.round(pixel(log, 100)), 200);
  assert.ok(Math.abs(valueAt(log, 200) - 100) < 1e-9);
  assert.deepEqual(ticks(log, 5), [1, 10, 100, 1000, 10_000]);
  assert.ok(Number.isNaN(pixel(log, -1)));
  assert.deepEqual(airy([5, 5], false), [4, 6]);
});

test("drawings are read, their sides scaled to the data set's images", () => {
  assert.deepEqual(segmentsOf("s.1.1.16.32;b.5.2.16.16", 16), [
    { part: "s", layers: 1, blocks: 1, width: 16, side: 16 }, { part: "b", layers: 5, blocks: 2, width: 16, side: 8 },
  ]);
  assert.deepEqual(segmentsOf("", 32), []);
});

test("a downloaded selection has full digits, empty cells for what is missing, and quotes where they are needed", () => {
  const model = { names: { shown: ['a,"b"', "c"] } } as unknown as Model;
  const named = (key: string, values: (number | undefined)[]) => ({ key, column: Column.of(values) }) as unknown as Named;
  const columns = [named("own:mine", [0.1 + 0.2, undefined]), named("zen", [-Infinity, NaN])];
  assert.equal(csvOf(model, Uint32Array.of(0, 1), columns), 'arch,mine,zen\n"a,""b""",0.30000000000000004,-inf\nc,,NaN\n');
});

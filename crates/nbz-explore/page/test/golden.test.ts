// The page's answers are those of `nbzero best` and `nbzero evaluate`: golden.json is written by the Rust side's test
// (tests/golden.rs). Oracle: nbz-report and nbz-study; every number is compared bit for bit.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Answer } from "../src/model.ts";
import type { Pick } from "../src/pick.ts";
import type { Table } from "../src/table.ts";
import { model, open } from "./tables.ts";

interface GoldenPick {
  column: string; row: number; score: string; accuracy: number; rank: number; shared: number; shared_accuracy: number;
  shared_rank: number; scored: number;
}
interface GoldenAnswer {
  limits: [string, number][]; feasible: number; oracle: GoldenPick; random_accuracy: number; picks: GoldenPick[];
  mbr: { networks: number; random: number; scores: Record<string, [number, number]> } | null;
}
interface Golden { table: string; dataset: string; answers: GoldenAnswer[] }

const GOLDEN = JSON.parse(readFileSync("test/golden.json", "utf8")) as Golden[];

/** A number as Rust prints it. */
function number(text: string): number {
  return text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);
}

function assertPick(table: Table, found: Pick | undefined, golden: GoldenPick, at: string): void {
  assert.ok(found !== undefined, at);
  assert.deepEqual({
    row: table.rows[found.index], score: found.score, accuracy: found.accuracy, rank: found.rank, shared: found.shared,
    shared_accuracy: found.sharedAccuracy, shared_rank: found.sharedRank, scored: found.scored,
  }, {
    row: golden.row, score: number(golden.score), accuracy: golden.accuracy, rank: golden.rank, shared: golden.shared,
    shared_accuracy: golden.shared_accuracy, shared_rank: golden.shared_rank, scored: golden.scored,
  }, at);
}

function assertMeans(found: Answer, golden: GoldenAnswer["mbr"], at: string): void {
  if (golden === null) {
    assert.ok(found.picks.every(({ mbr }) => mbr === undefined), at);
    return;
  }
  assert.equal(found.random.mbr, golden.random, at);
  assert.equal(found.picks.length, Object.keys(golden.scores).length);
  for (const { ranked, mbr } of found.picks) {
    assert.deepEqual([mbr?.mbr, mbr?.mbrTies], golden.scores[ranked.key], `${at}: ${ranked.key}`);
  }
}

for (const golden of GOLDEN) {
  test(`picks and mBR on ${golden.table}, ${golden.dataset}`, async () => {
    const table = await open(golden.table);
    const known = await model(table, golden.dataset);
    assert.ok(golden.answers.length > 3);
    for (const wanted of golden.answers) {
      const at = JSON.stringify(wanted.limits);
      const found = known.answer({ limits: new Map(wanted.limits), only: new Map() });
      assert.equal(found.count, wanted.feasible, at);
      assert.equal(found.random.accuracy, wanted.random_accuracy, at);
      assertPick(table, found.oracle, wanted.oracle, at);
      const picks = found.picks.filter(({ pick }) => pick !== undefined);
      assert.deepEqual(picks.map(({ ranked }) => ranked.info.name), wanted.picks.map(({ column }) => column), at);
      picks.forEach(({ pick }, i) => assertPick(table, pick, wanted.picks[i], `${at} ${wanted.picks[i].column}`));
      assertMeans(found, wanted.mbr, at);
      if (wanted.mbr !== null) assert.equal(known.pool.indices.length, wanted.mbr.networks, at);
    }
  });
}

test("a limit below every network leaves nothing, and says so instead of failing", async () => {
  const known = await model(await open("nas-bench-macro"), "cifar10");
  const found = known.answer({ limits: new Map([["macs", 1]]), only: new Map() });
  assert.equal(found.count, 0);
  assert.equal(found.oracle, undefined);
  assert.ok(found.picks.every(({ pick, mbr }) => pick === undefined && mbr === undefined));
});

test("a network without a value in a limited column is not feasible, and counted", async () => {
  // Oracle: the schema says that edgetpu's latency is null where the device does not support the cell.
  const table = await open("nas-bench-201");
  const known = await model(table, "cifar10");
  const latency = known.costs.find(({ key }) => key === "edgetpu_latency_ms");
  const valued = latency?.column.presentIndices().length ?? 0;
  assert.ok(valued > 0 && valued < table.networks);
  const found = known.answer({ limits: new Map([["edgetpu_latency_ms", 1e9]]), only: new Map() });
  assert.deepEqual([found.count, found.unknown], [valued, table.networks - valued]);
});

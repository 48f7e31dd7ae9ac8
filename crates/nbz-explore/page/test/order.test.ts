// Orders and pools by hand, where ties, NaN and infinities decide.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Column } from "../src/column.ts";
import { CommonPool, meanBestRank } from "../src/mbr.ts";
import { wantsLog } from "../src/scale.ts";
import { orderOf } from "../src/order.ts";
import { Pool, rankingOf } from "../src/pick.ts";

test("larger first, NaN last, 0 and -0 equal, ties by row", () => {
  // Oracle: the doctest of nbz-study's predicted_order, and its rule for zeros.
  assert.deepEqual([...orderOf(Float64Array.of(1, NaN, Infinity, 1, -Infinity)).places], [2, 0, 3, 4, 1]);
  const { places, levels } = orderOf(Float64Array.of(-0, 0, NaN, NaN, -1));
  assert.deepEqual([...places], [0, 1, 4, 2, 3]);
  assert.deepEqual([...levels], [0, 0, 1, 2, 2]);
});

test("a network without a score is no pick, one with NaN is the last resort", () => {
  const truth = rankingOf(Column.of([90, 92, 91, 93]), "larger");
  const pool = new Pool(Uint8Array.of(1, 1, 1, 0), truth);
  const pick = pool.pick(rankingOf(Column.of([NaN, undefined, 5, 9]), "larger"));
  assert.deepEqual([pick?.index, pick?.rank, pick?.scored], [2, 1, 2]);
  assert.equal(pool.pick(rankingOf(Column.of([NaN, undefined, undefined, 9]), "larger"))?.index, 0);
  assert.equal(pool.pick(rankingOf(Column.of([undefined, undefined, undefined, 9]), "larger")), undefined);
  const smaller = pool.pick(rankingOf(Column.of([3, 2, 2, 1]), "smaller"));
  // Networks 1 and 2 share the smallest score: ranks 0 and 1, accuracies 92 and 91.
  assert.deepEqual([smaller?.index, smaller?.shared, smaller?.sharedRank, smaller?.sharedAccuracy], [1, 2, 0.5, 91.5]);
});

test("mBR of three networks under two budgets", () => {
  // Oracle: by hand. Budgets 2 and 3 on costs 1, 2, 3; the score likes the worst network first.
  const [accuracy, cost] = [Column.of([70, 72, 74]), Column.of([1, 2, 3])];
  const pool = new CommonPool(accuracy, [cost]);
  const sets = pool.evenBudgets([{ cost, limit: 3 }], undefined, 2).map((budget) => pool.feasible(budget));
  assert.deepEqual(sets.map(({ size }) => size), [2, 3]);
  const worst = meanBestRank(pool.prediction(Column.of([3, 2, 1]), 1), sets);
  assert.equal(worst?.mbr, (1 / 2 + 2 / 3) / 2);
  const flat = meanBestRank(pool.prediction(Column.of([1, 1, 1]), 1), sets);
  assert.equal(flat?.mbrTies, (0.5 / 2 + 1 / 3) / 2);
  assert.equal(meanBestRank(pool.prediction(accuracy, 1), sets)?.mbr, 0);
  assert.equal(meanBestRank(pool.prediction(accuracy, 1), [pool.feasible([{ cost, limit: 0 }])]), undefined);
});

test("the last of even budgets is the limit itself, whatever a division would round to", () => {
  const [low, limit] = [0.1, 0.1 * 3.7];
  assert.notEqual(low + (5 * (limit - low)) / 5, limit);
  const cost = Column.of([low, limit]);
  const pool = new CommonPool(Column.of([1, 2]), [cost]);
  const budgets = pool.evenBudgets([{ cost, limit }]);
  assert.equal(budgets[4]?.[0]?.limit, limit);
  assert.equal(pool.feasible(budgets[4] ?? []).size, 2);
});

test("networks without an accuracy, or with none that is a number, are in no pool", () => {
  const accuracy = Column.of([90, NaN, undefined, 92]);
  assert.deepEqual([...new CommonPool(accuracy, []).indices], [0, 3]);
  const pool = new Pool(Uint8Array.of(1, 1, 1, 1), rankingOf(accuracy, "larger"));
  assert.equal(pool.size, 2);
  assert.equal(pool.meanAccuracy(), 91);
  assert.equal(pool.pick(rankingOf(Column.of([1, 9, 9, 2]), "larger"))?.index, 3);
});

test("an axis is logarithmic where nearly all numbers are positive and span decades", () => {
  const scores = Column.of([...Array.from({ length: 19 }, (_, at) => 10 ** at), 0, -Infinity, NaN, undefined]);
  assert.deepEqual(scores.positive(), { span: [1, 1e18], share: 19 / 20 });
  assert.deepEqual(scores.span(), [0, 1e18]);
  assert.equal(wantsLog([1, 1e18], 0.95), true);
  assert.equal(wantsLog([1, 1e18], 0.5), false);
  assert.equal(wantsLog([90, 94], 1), false);
  assert.equal(Column.of([-1, NaN, undefined]).positive(), undefined);
});

test("equal accuracies rank no network before another", () => {
  // Oracle: nbz-study's Pool::mbr_undefined. One network alone is its own best.
  const tied = (accuracies: number[]) => new CommonPool(Column.of(accuracies), []).tied;
  assert.deepEqual([[90, 90, 90], [0, -0], [90, 91], [90], []].map(tied), [true, true, false, false, false]);
});

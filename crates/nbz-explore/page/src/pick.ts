// What a ranking picks within limits: the answer of `nbzero best` (nbz-report, best.rs), number for number.
//
// The pool is every feasible network with an accuracy. A ranking picks among the feasible networks that it scores; its
// pick is ranked among all feasible ones. Orders are made once; under new limits only a walk along them is needed.

import type { Column } from "./column.ts";
import { type Order, orderOf } from "./order.ts";
import type { Direction } from "./schema.ts";

export interface Pick {
  /** The network. */
  index: number;
  /** In the column's own unit. */
  score: number;
  /** Percent. */
  accuracy: number;
  /** Truly better feasible networks; equal accuracies stand in row order. */
  rank: number;
  /** Feasible networks with the same best score, itself included, and the means over them. */
  shared: number;
  sharedAccuracy: number;
  sharedRank: number;
  /** Feasible networks that the column scores. */
  scored: number;
}

/** A column in the order in which it ranks the networks that it scores. */
export interface Ranking {
  column: Column;
  /** Networks, best first, and the levels of their scores. */
  order: Order;
}

export function rankingOf(column: Column, direction: Direction): Ranking {
  const scored = column.presentIndices();
  const sign = direction === "smaller" ? -1 : 1;
  const { places, levels } = orderOf(Float64Array.from(scored, (index) => sign * column.values[index]));
  return { column, order: { places: places.map((place) => scored[place]), levels } };
}

/** The feasible networks with their true ranks. */
export class Pool {
  /** Whether each network is in it. */
  readonly member: Uint8Array;
  readonly size: number;
  private readonly accuracy: Column;
  private readonly rankOf: Uint32Array;

  /** `feasible` says of each network whether it is within the limits; `truth` ranks by accuracy. */
  constructor(feasible: Uint8Array, truth: Ranking) {
    this.accuracy = truth.column;
    this.member = new Uint8Array(feasible.length);
    this.rankOf = new Uint32Array(feasible.length);
    let rank = 0;
    for (const index of truth.order.places) {
      if (feasible[index] === 1 && !Number.isNaN(this.accuracy.values[index])) {
        this.member[index] = 1;
        this.rankOf[index] = rank;
        rank += 1;
      }
    }
    this.size = rank;
  }

  /** What a ranking picks; undefined if it scores none of the networks. */
  pick(ranking: Ranking): Pick | undefined {
    const { order: { places, levels }, column } = ranking;
    let [first, scored, shared, accuracies, ranks] = [-1, 0, 0, 0, 0];
    for (let at = 0; at < places.length; at += 1) {
      const index = places[at];
      if (this.member[index] === 0) continue;
      scored += 1;
      if (first === -1) first = at;
      if (levels[at] === levels[first]) {
        shared += 1;
        accuracies += this.accuracy.values[index];
        ranks += this.rankOf[index];
      }
    }
    if (first === -1) return undefined;
    const index = places[first];
    return {
      index,
      score: column.values[index],
      accuracy: this.accuracy.values[index],
      rank: this.rankOf[index],
      shared,
      sharedAccuracy: accuracies / shared,
      sharedRank: ranks / shared,
      scored,
    };
  }

  /** What a blind choice finds on average. */
  meanAccuracy(): number {
    let sum = 0;
    for (let index = 0; index < this.member.length; index += 1) {
      if (this.member[index] === 1) sum += this.accuracy.values[index];
    }
    return sum / this.size;
  }
}

// mBR, the mean best rank under budgets: the definition of `nbzero evaluate` (nbz-study, constrained.rs).
//
// Measured on one pool: the networks for which the accuracy, every cost and every score are known. Under budget i a score
// picks the first feasible network in its order; r is its rank by accuracy among the N feasible ones. mBR is the mean of
// r / N, `mbrTies` the same with r averaged over all feasible networks that share the pick's score. In a pool of one
// accuracy no network ranks before another, so there is no mBR at all.

import type { Column } from "./column.ts";
import { orderOf } from "./order.ts";

/** Upper limits, one a bounded cost; a budget holds where all of them do. */
export type Budget = { cost: Column; limit: number }[];

export interface MeanBestRank {
  mbr: number;
  mbrTies: number;
}

/** How many even budgets the paper sets. */
export const BUDGETS = 5;

/** A score as an order on the pool. */
export interface Prediction {
  /** True ranks, best predicted first. */
  order: Uint32Array;
  levels: Uint32Array;
}

export class CommonPool {
  /** The networks that every column knows, ascending. */
  readonly indices: Uint32Array;
  /** Position in `indices` of each true rank. */
  private readonly atRank: Uint32Array;
  private readonly rankAt: Uint32Array;
  /** Whether all networks, two or more, have the same accuracy. */
  readonly tied: boolean;

  constructor(accuracy: Column, columns: Column[]) {
    const indices: number[] = [];
    for (let index = 0; index < accuracy.values.length; index += 1) {
      const known = accuracy.present[index] === 1 && Number.isFinite(accuracy.values[index]);
      if (known && columns.every((column) => column.present[index] === 1)) indices.push(index);
    }
    this.indices = Uint32Array.from(indices);
    const { places, levels } = orderOf(this.take(accuracy));
    this.atRank = places;
    this.tied = levels.length > 1 && levels[levels.length - 1] === 0;
    this.rankAt = new Uint32Array(indices.length);
    this.atRank.forEach((at, rank) => { this.rankAt[at] = rank; });
  }

  private take(column: Column): Float64Array {
    return Float64Array.from(this.indices, (index) => column.values[index]);
  }

  /** A score with larger meaning better; `sign` is -1 where smaller is better. */
  prediction(column: Column, sign: number): Prediction {
    const { places, levels } = orderOf(this.take(column).map((score) => sign * score));
    return { order: places.map((at) => this.rankAt[at]), levels };
  }

  /** Even budgets from the smallest costs up to the limits, the last being the limits themselves. */
  evenBudgets(limits: Budget, among: Uint8Array | undefined = undefined, count = BUDGETS): Budget[] {
    const lows = limits.map(({ cost }) => this.extreme(cost, Math.min, Infinity, among));
    return Array.from({ length: count }, (_, at) => limits.map(({ cost, limit }, which) => ({
      cost,
      limit: at + 1 === count ? limit : lows[which] + ((at + 1) * (limit - lows[which])) / count,
    })));
  }

  /** The largest value of a cost: where even budgets end if nobody limits it. */
  largest(cost: Column, among: Uint8Array | undefined = undefined): number {
    return this.extreme(cost, Math.max, -Infinity, among);
  }

  private extreme(cost: Column, pick: (a: number, b: number) => number, none: number, among: Uint8Array | undefined): number {
    let found = none;
    for (const index of this.indices) {
      const value = cost.values[index];
      if (!Number.isNaN(value) && (among === undefined || among[index] === 1)) found = pick(found, value);
    }
    return found;
  }

  /** The feasible networks of a budget, as true ranks; `among` leaves only some networks in. */
  feasible(budget: Budget, among: Uint8Array | undefined = undefined): FeasibleSet {
    const member = new Uint8Array(this.indices.length);
    for (let rank = 0; rank < member.length; rank += 1) {
      const index = this.indices[this.atRank[rank]];
      let holds = among === undefined ? 1 : among[index];
      for (const { cost, limit } of budget) {
        // NaN is no promise: it is within no limit.
        if (!(cost.present[index] === 1 && cost.values[index] <= limit)) holds = 0;
      }
      member[rank] = holds;
    }
    return new FeasibleSet(member);
  }
}

/** Feasible networks, named by their true ranks in the pool. */
export class FeasibleSet {
  readonly member: Uint8Array;
  /** Rank inside the set of each member. */
  readonly rankIn: Uint32Array;
  readonly size: number;

  constructor(member: Uint8Array) {
    this.member = member;
    this.rankIn = new Uint32Array(member.length);
    let size = 0;
    for (let rank = 0; rank < member.length; rank += 1) {
      this.rankIn[rank] = size;
      size += member[rank];
    }
    this.size = size;
  }
}

/** mBR of a score over budgets; undefined if no network meets one of them. */
export function meanBestRank(prediction: Prediction, sets: FeasibleSet[]): MeanBestRank | undefined {
  if (sets.length === 0 || sets.some((set) => set.size === 0)) return undefined;
  let [mbr, mbrTies] = [0, 0];
  for (const set of sets) {
    const { order, levels } = prediction;
    let first = 0;
    while (set.member[order[first]] === 0) first += 1;
    let [ties, ranks] = [0, 0];
    for (let at = first; at < order.length && levels[at] === levels[first]; at += 1) {
      if (set.member[order[at]] === 1) {
        ties += 1;
        ranks += set.rankIn[order[at]];
      }
    }
    mbr += set.rankIn[order[first]] / set.size;
    mbrTies += ranks / ties / set.size;
  }
  return { mbr: mbr / sets.length, mbrTies: mbrTies / sets.length };
}

/** mBR of a blind choice, exactly. */
export function randomMeanBestRank(sets: FeasibleSet[]): number | undefined {
  if (sets.length === 0 || sets.some((set) => set.size === 0)) return undefined;
  return sets.reduce((sum, { size }) => sum + (size - 1) / 2 / size, 0) / sets.length;
}

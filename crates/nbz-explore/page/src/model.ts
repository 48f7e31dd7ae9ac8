// What the page knows on one data set, and what follows from a view: which networks are feasible, what each ranking picks
// among them, its mBR. Nothing here draws.

import { Column } from "./column.ts";
import { type Budget, CommonPool, type FeasibleSet, type MeanBestRank, type Prediction, meanBestRank, randomMeanBestRank } from "./mbr.ts";
import type { Names } from "./names.ts";
import { type Pick, Pool, type Ranking, rankingOf } from "./pick.ts";
import { type ColumnInfo, type Direction, OWN, accuracyOn, baseName, bounded, choices, rankings, withRole } from "./schema.ts";
import { grouped } from "./quantity.ts";
import type { View } from "./state.ts";
import type { Table } from "./table.ts";

/** A score that somebody dropped. */
export interface OwnScore {
  name: string;
  file: string;
  smaller: boolean;
  column: Column;
}

/** A column with what is known of it; an own score has no place in the table's schema. */
export interface Named {
  key: string;
  info: ColumnInfo;
  column: Column;
}

/** A line of the table of picks. */
export interface Ranked extends Named {
  own: boolean;
  ranking: Ranking;
  prediction: Prediction;
}

/** A choice of architectures, such as the operation on an edge. */
export interface Choice {
  place: string;
  /** What can be chosen, in order. */
  options: string[];
  /** The option of each network; -1 where it makes no such choice. */
  made: Int16Array;
}

export interface PickRow {
  ranked: Ranked;
  pick: Pick | undefined;
  mbr: MeanBestRank | undefined;
}

/** What follows from a view. */
export interface Answer {
  /** 1 where a network is within the limits and the choices. */
  feasible: Uint8Array;
  /** Feasible networks with an accuracy. */
  count: number;
  /** Networks without a value, or with NaN, in a limited column. */
  unknown: number;
  oracle: Pick | undefined;
  random: { accuracy: number; mbr: number | undefined };
  picks: PickRow[];
  /** The costs that the budgets of mBR bound. */
  mbrCosts: string[];
  /** Whether there is no mBR because all accuracies are equal. */
  tied: boolean;
}

export class Model {
  readonly dataset: string | undefined;
  readonly accuracy: Named;
  /** Columns that budgets may bound. */
  readonly costs: Named[];
  readonly choices: Choice[];
  /** Networks with an accuracy. */
  readonly trained: number;
  ranked: Ranked[] = [];
  pool: CommonPool;
  readonly table: Table;
  readonly names: Names;
  private readonly truth: Ranking;
  private scores: { named: Named; own: boolean }[];

  private constructor(table: Table, names: Names, dataset: string | undefined, accuracy: Named, costs: Named[],
    scores: Named[], made: Choice[]) {
    this.table = table;
    this.names = names;
    this.dataset = dataset;
    this.accuracy = accuracy;
    this.costs = costs;
    this.choices = made;
    this.truth = rankingOf(accuracy.column, "larger");
    this.trained = accuracy.column.presentIndices().filter((index) => !Number.isNaN(accuracy.column.values[index])).length;
    this.scores = scores.map((named) => ({ named, own: false }));
    this.pool = new CommonPool(accuracy.column, []);
    this.rank();
  }

  /** Reads what a data set needs. */
  static async of(table: Table, names: Names, dataset: string | undefined): Promise<Model> {
    const { schema } = table;
    const info = accuracyOn(schema, dataset);
    if (info === undefined) throw new Error("the table has no accuracy");
    const named = async (info: ColumnInfo): Promise<Named> => ({ key: baseName(info), info, column: await table.column(info) });
    const all = (infos: ColumnInfo[]) => Promise.all(infos.map(named));
    return new Model(table, names, dataset, await named(info), await all(bounded(schema, dataset)),
      await all(rankings(schema, dataset)), await choicesOf(table));
  }

  /** Puts scores of one's own in front of the table's. */
  setOwn(own: OwnScore[]): void {
    const named = own.map(({ name, file, smaller, column }) => ({
      own: true,
      named: { key: `${OWN}${name}`, info: ownInfo(name, file, smaller ? "smaller" : "larger"), column },
    }));
    this.scores = [...named, ...this.scores.filter((score) => !score.own)];
    this.rank();
  }

  /** Orders every score on the networks that all of them know. */
  private rank(): void {
    const columns = this.scores.map(({ named }) => named.column);
    this.pool = new CommonPool(this.accuracy.column, columns);
    this.ranked = this.scores.map(({ named, own }) => {
      // Costs count as scores whose larger values are better, as in the paper.
      const smaller = named.info.role === "proxy" && named.info.direction === "smaller";
      return {
        ...named,
        own,
        ranking: rankingOf(named.column, smaller ? "smaller" : "larger"),
        prediction: this.pool.prediction(named.column, smaller ? -1 : 1),
      };
    });
  }

  /** On which networks mBR is taken, in words. */
  poolWords(): string {
    return `mBR is taken on the ${grouped(this.pool.indices.length)} of ${grouped(this.table.networks)} networks for which every score here is known; picks are made among all that each score knows.`;
  }

  /** Every column of numbers on the data set that a person may look at: the accuracies first. */
  columns(): ColumnInfo[] {
    const { schema } = this.table;
    const roles = ["accuracy", "cost", "proxy", "latency", "energy", "spread"] as const;
    const accuracy = this.accuracy.info;
    const all = roles.flatMap((role) => withRole(schema, role, this.dataset));
    return [accuracy, ...all.filter((info) => info !== accuracy)];
  }

  /** A column by its key; undefined if there is none. */
  async named(key: string): Promise<Named | undefined> {
    const own = this.ranked.find((ranked) => ranked.own && ranked.key === key);
    if (own !== undefined) return own;
    const info = this.columns().find((c) => baseName(c) === key);
    return info === undefined ? undefined : { key, info, column: await this.table.column(info) };
  }

  /** The networks that the choices let through; undefined if all are. */
  admitted(only: View["only"]): Uint8Array | undefined {
    const asked = this.choices.filter(({ place }) => only.has(place));
    if (asked.length === 0) return undefined;
    const admitted = new Uint8Array(this.table.networks).fill(1);
    for (const { place, options, made } of asked) {
      const chosen = options.map((option) => only.get(place)?.includes(option) === true);
      for (let index = 0; index < made.length; index += 1) {
        if (chosen[made[index]] !== true) admitted[index] = 0;
      }
    }
    return admitted;
  }

  /** Everything that follows from limits and choices. */
  answer(view: Question): Answer {
    const admitted = this.admitted(view.only);
    const limits = this.costs.flatMap((cost) => {
      const limit = view.limits.get(cost.key);
      return limit === undefined ? [] : [{ key: cost.key, cost: cost.column, limit }];
    });
    const { feasible, unknown } = this.within(limits, admitted);
    const pool = new Pool(feasible, this.truth);
    const { sets, costs } = this.budgets(limits, admitted);
    return {
      feasible,
      count: pool.size,
      unknown,
      oracle: pool.pick(this.truth),
      random: { accuracy: pool.meanAccuracy(), mbr: randomMeanBestRank(sets) },
      picks: this.ranked.map((ranked) => ({
        ranked,
        pick: pool.pick(ranked.ranking),
        mbr: meanBestRank(ranked.prediction, sets),
      })),
      mbrCosts: costs,
      tied: this.pool.tied,
    };
  }

  private within(limits: Budget, admitted: Uint8Array | undefined): { feasible: Uint8Array; unknown: number } {
    const feasible = admitted === undefined ? new Uint8Array(this.table.networks).fill(1) : admitted.slice();
    let unknown = 0;
    for (let index = 0; index < feasible.length; index += 1) {
      for (const { cost, limit } of limits) {
        const value = cost.values[index];
        if (Number.isNaN(value)) {
          unknown += feasible[index];
          feasible[index] = 0;
          break;
        }
        if (value > limit) feasible[index] = 0;
      }
    }
    return { feasible, unknown };
  }

  /** The feasible sets over which mBR is a mean: five even budgets up to the limits, without limits up to the largest MACs. */
  private budgets(limits: (Budget[number] & { key: string })[], admitted: Uint8Array | undefined):
    { sets: FeasibleSet[]; costs: string[] } {
    let bounds = limits;
    if (bounds.length === 0) {
      const cost = this.costs.find(({ key }) => key === "macs") ?? this.costs.find(({ info }) => info.role === "cost");
      if (cost === undefined) return { sets: [], costs: [] };
      bounds = [{ key: cost.key, cost: cost.column, limit: this.pool.largest(cost.column, admitted) }];
    }
    const budgets = this.pool.evenBudgets(bounds, admitted);
    if (this.pool.tied) return { sets: [], costs: bounds.map(({ key }) => key) };
    return { sets: budgets.map((budget) => this.pool.feasible(budget, admitted)), costs: bounds.map(({ key }) => key) };
  }
}

/** The part of a view that decides which networks are feasible. */
export type Question = { limits: View["limits"]; only: View["only"] };

function ownInfo(name: string, file: string, direction: Direction): ColumnInfo {
  return {
    name, type: "float", unit: "score", meaning: "a score of your own, dropped on this page", role: "proxy", direction,
    provenance: "imported", source: file, version: "", licence: "",
  };
}

async function choicesOf(table: Table): Promise<Choice[]> {
  const read = choices(table.schema).map(async ({ place, column }) => {
    const texts = await table.textsOfNetworks(column.name);
    const options = column.meaning.split("\n");
    const at = new Map(options.map((option, place) => [option, place]));
    return { place, options, made: Int16Array.from(texts, (text) => (text === undefined ? -1 : at.get(text) ?? -1)) };
  });
  return Promise.all(read);
}

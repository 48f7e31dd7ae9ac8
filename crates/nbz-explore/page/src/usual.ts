// The view that a page begins with, and what an address makes of it.

import type { Facts } from "./main.ts";
import { type ColumnInfo, type Schema, accuracyOn, baseName, datasets, plain, rankings, withRole } from "./schema.ts";
import { type View, fromHash } from "./state.ts";

/** The usual view of a data set: accuracy over MACs, coloured by a score. */
export function usualView(schema: Schema, facts: Facts, dataset: string | undefined): View {
  const accuracy = accuracyOn(schema, dataset);
  const y = accuracy === undefined ? "" : baseName(accuracy);
  const costs = withRole(schema, "cost", dataset).map(baseName);
  // A score of the network's own code is known of all networks; others may be known of a part.
  const scores = rankings(schema, dataset).map(baseName);
  return {
    dataset: usualDataset(schema, facts),
    x: costs.find((cost) => cost === "macs") ?? costs[0] ?? y,
    y,
    colour: scores.find((score) => score === "naswot") ?? scores[0] ?? y,
    log: {}, limits: new Map(), only: new Map(), selection: undefined, zoom: undefined, network: undefined, beside: undefined,
  };
}

/** The view of an address; a data set that there is not is the usual one. */
export function viewOf(schema: Schema, facts: Facts, hash: string): View {
  const asked = new URLSearchParams(hash.replace(/^#/, "")).get("on");
  const dataset = datasets(schema).find((name) => name === asked) ?? usualDataset(schema, facts);
  return { ...fromHash(hash, usualView(schema, facts, dataset)), dataset };
}

function usualDataset(schema: Schema, facts: Facts): string | undefined {
  return facts.dataset ?? datasets(schema)[0];
}

/** What stands at an axis: the column, and its unit where its name does not say it. */
export function label({ unit }: ColumnInfo, key: string): string {
  const name = plain(key);
  return unit === "-" || unit === "score" || unit === "count" || unit.toLowerCase() === name ? name : `${name}, ${unit}`;
}

/** Whether an axis shows every number: the largest networks are few, but nobody wants to lose them from sight. */
export function isWhole({ role }: ColumnInfo): boolean {
  return role === "cost" || role === "latency" || role === "energy";
}

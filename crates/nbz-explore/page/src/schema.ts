// The schema document of a table, as `nbz-table` writes it into the Parquet file, and how columns are found in it.

export type Role =
  | "arch" | "canonical" | "id" | "accuracy" | "spread" | "cost" | "proxy" | "latency" | "energy" | "other";
export type Direction = "larger" | "smaller" | "none";

export interface ColumnInfo {
  name: string;
  type: "text" | "flag" | "int" | "float";
  unit: string;
  meaning: string;
  role: Role;
  direction: Direction;
  dataset?: string;
  provenance: "measured" | "imported" | "surrogate";
  source: string;
  version: string;
  licence: string;
}

export interface Schema {
  name: string;
  title: string;
  space?: string;
  accuracy: string;
  licence: string;
  attribution: string;
  citation: string;
  notes: string;
  columns: ColumnInfo[];
}

/** How the names of the page's own columns begin. */
export const PAGE = "page:";
const CHOICE = `${PAGE}choice:`;

/** How the keys of dropped scores begin, so that none is taken for a column of the table. */
export const OWN = "own:";

/** A column's key as people read it. */
export function plain(key: string): string {
  return key.startsWith(OWN) ? key.slice(OWN.length) : key;
}

/** The name without the data set in front: `cifar10_test_acc` is `test_acc`. */
export function baseName(column: ColumnInfo): string {
  const prefix = column.dataset === undefined ? "" : `${column.dataset.replaceAll("-", "_")}_`;
  return column.name.startsWith(prefix) ? column.name.slice(prefix.length) : column.name;
}

/** The data sets of the accuracies, in the file's order. */
export function datasets(schema: Schema): string[] {
  const named = schema.columns.filter((c) => c.role === "accuracy" && c.dataset !== undefined);
  return [...new Set(named.map((c) => c.dataset as string))];
}

/** Whether a column belongs to a data set or to all of them. */
export function isOn(column: ColumnInfo, dataset: string | undefined): boolean {
  return column.dataset === undefined || column.dataset === dataset;
}

export function withRole(schema: Schema, role: Role, dataset: string | undefined): ColumnInfo[] {
  return schema.columns.filter((c) => c.role === role && isOn(c, dataset));
}

/** The accuracy that ranks on a data set are taken against. */
export function accuracyOn(schema: Schema, dataset: string | undefined): ColumnInfo | undefined {
  const accuracies = withRole(schema, "accuracy", dataset);
  return accuracies.find((c) => baseName(c) === schema.accuracy) ?? accuracies[0];
}

/** The columns that rank networks: proxies in the table's order, then costs. */
export function rankings(schema: Schema, dataset: string | undefined): ColumnInfo[] {
  return [...withRole(schema, "proxy", dataset), ...withRole(schema, "cost", dataset)];
}

/** The columns that budgets may bound: costs first. */
export function bounded(schema: Schema, dataset: string | undefined): ColumnInfo[] {
  return (["cost", "latency", "energy"] as const).flatMap((role) => withRole(schema, role, dataset));
}

/** The places at which architectures choose, such as `edge 0-1`, each with its column. */
export function choices(schema: Schema): { place: string; column: ColumnInfo }[] {
  const own = schema.columns.filter((c) => c.name.startsWith(CHOICE));
  return own.map((column) => ({ place: column.name.slice(CHOICE.length), column }));
}

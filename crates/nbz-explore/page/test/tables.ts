// The embedded tables, opened as the page opens its own.

import { readFileSync } from "node:fs";

import { Model } from "../src/model.ts";
import type { Names } from "../src/names.ts";
import { Table } from "../src/table.ts";

/** No network has a name: what is tested asks for none. */
const NAMELESS = { shown: [], find: () => undefined, row: () => undefined } as unknown as Names;

export async function open(name: string): Promise<Table> {
  const file = readFileSync(`../../nbz-table/data/${name}.parquet`);
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const table = await Table.open(bytes);
  if (!table.has("canonical_arch")) return table;
  const [own, canonical] = await Promise.all([table.texts("arch"), table.texts("canonical_arch")]);
  const rowOf = new Map(own.map((arch, row) => [arch, row]));
  return Table.open(bytes, canonical.map((arch) => rowOf.get(arch) ?? 0));
}

export function model(table: Table, dataset: string): Promise<Model> {
  return Model.of(table, NAMELESS, dataset);
}

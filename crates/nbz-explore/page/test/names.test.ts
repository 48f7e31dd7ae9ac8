// What people call a network. Oracle: the rules of nbz-table's `Table::find` (lookup.rs) and its examples.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CsvFault, parseCsv } from "../src/csv.ts";
import { join } from "../src/join.ts";
import { Names } from "../src/names.ts";
import type { Table } from "../src/table.ts";
import { open } from "./tables.ts";

/** The embedded table with the column of names that a page adds. */
async function named(name: string): Promise<Table> {
  const table = await open(name);
  const [ids, prefix] = name === "nas-bench-201" ? [table.texts("index"), "nb201#"] : [table.texts("arch"), "nbmacro:"];
  const spelled = (await ids).map((id) => `${prefix}${id}`);
  return Object.assign(Object.create(table) as Table, {
    texts: (column: string) => (column === "page:name" ? Promise.resolve(spelled) : table.texts(column)),
  });
}

test("a cell is found by every name that the table has for it", async () => {
  const table = await named("nas-bench-201");
  const names = await Names.of(table);
  assert.equal(names.find("nb201#11472"), 11_472);
  assert.equal(names.find("11472"), undefined);
  await names.learn();
  const official = (await table.texts("arch"))[11_472] ?? "";
  for (const name of [official, "210210", "nb201:210210", " #11472 ", "11472", "nb201#11472", "(2, 1, 0, 2, 1, 0)"]) {
    assert.equal(names.find(name), 11_472, name);
  }
  for (const name of ["", "nobody", "#15625", "15625", "nb201:", "(2, 1)", "-1", "1e3"]) assert.equal(names.find(name), undefined, name);
});

test("a line of another string of a network counts for it, unless its own string has one", async () => {
  const table = await named("nas-bench-macro");
  const names = await Names.of(table);
  await names.learn();
  const network = names.find("12021020") ?? -1;
  assert.equal(names.find("nbmacro:12021002"), network);
  const score = (csv: string) => join(table, names, parseCsv(csv)).columns[0]?.column.at(network);
  assert.equal(score("arch,mine\n12021002,1\n"), 1);
  assert.equal(score("arch,mine\n12021002,1\n12021020,2\n"), 2);
  assert.equal(score("arch,mine\n12021020,2\n12021002,1\n"), 2);
  assert.equal(score("arch,mine\n12021020,\n00000000,1\n"), undefined);
  const joined = join(table, names, parseCsv("arch,mine\nnobody,1\n00000000,1\n"));
  assert.deepEqual([joined.matched, joined.unmatched.count, joined.unmatched.examples], [1, 1, ["line 2 “nobody”"]]);
  assert.throws(() => score("arch,mine\n12021020,1\nnbmacro:12021020,2\n"), CsvFault);
});

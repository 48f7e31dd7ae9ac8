// Dropped scores beside the table's networks, by the rules of nbz-table (join.rs): a network takes the line of the row that
// stands for it, or of its first other string; two lines of one row are refused.

import { Column } from "./column.ts";
import { CsvFault, type CsvScores, excerpt } from "./csv.ts";
import type { Names } from "./names.ts";
import type { Table } from "./table.ts";

export interface Joined {
  columns: { name: string; column: Column }[];
  matched: number;
  /** Lines that name no network, as the first of them are written. */
  unmatched: { count: number; examples: string[] };
}

export function join(table: Table, names: Names, scores: CsvScores): Joined {
  const lineOfRow = new Int32Array(table.networkOfRow.length).fill(-1);
  const examples: string[] = [];
  let unmatched = 0;
  scores.keys.forEach((key, at) => {
    const row = names.row(key);
    if (row === undefined) {
      unmatched += 1;
      if (examples.length < 3) examples.push(`line ${scores.lines[at]} “${excerpt(key)}”`);
      return;
    }
    const first = lineOfRow[row];
    if (first !== -1) {
      throw new CsvFault(`lines ${scores.lines[first]} and ${scores.lines[at]} are one network, “${excerpt(key)}”`);
    }
    lineOfRow[row] = at;
  });
  if (unmatched === scores.keys.length) {
    throw new CsvFault(`no line names a network of this table; the first is “${excerpt(scores.keys[0])}”`);
  }
  const lineOf = new Int32Array(table.networks).fill(-1);
  lineOfRow.forEach((line, row) => {
    const network = table.networkOfRow[row];
    if (line !== -1 && (lineOf[network] === -1 || table.rows[network] === row)) lineOf[network] = line;
  });
  const columns = scores.columns.map(({ name, values }) => ({
    name,
    column: Column.of(Array.from(lineOf, (line) => (line === -1 ? undefined : values[line]))),
  }));
  return { columns, matched: scores.keys.length - unmatched, unmatched: { count: unmatched, examples } };
}

// The numbers behind a figure, as the page holds them: the CSV that also stands beside the picture.

import { recordsOf } from "../csv.ts";

export interface Sheet {
  header: string[];
  rows: string[][];
}

export function sheetOf(csv: string): Sheet {
  const [header, ...rows] = recordsOf(csv).map(({ cells }) => cells);
  if (header === undefined) throw new Error("a sheet has a header");
  return { header, rows };
}

/** A column's cells; none if the sheet has no such column. */
export function texts(sheet: Sheet, name: string): string[] {
  const at = sheet.header.indexOf(name);
  return at === -1 ? [] : sheet.rows.map((row) => row[at] ?? "");
}

/** A number, or null where none was computed or it has no finite value: no point is drawn there. */
export function numberOf(cell: string): number | null {
  const value = cell === "" ? NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** The rows by the text of a column, in the order in which the texts come first. */
export function grouped(sheet: Sheet, name: string): Map<string, string[][]> {
  const at = sheet.header.indexOf(name);
  const groups = new Map<string, string[][]>();
  for (const row of sheet.rows) {
    const key = row[at] ?? "";
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

// From what people call a network to the network: strings, ids and codes of the table (nbz-table, lookup.rs).
//
// Other spellings of an architecture and hashes are known to the commands alone.

import type { ColumnInfo } from "./schema.ts";
import { PAGE } from "./schema.ts";
import type { Table } from "./table.ts";

export class Names {
  /** The spelling that every command reads, a network each. */
  readonly shown: string[];
  private readonly byName = new Map<string, number>();
  private readonly byNumber = new Map<number, number>();
  private readonly space: string | undefined;
  private readonly table: Table;

  private learning: Promise<void> | undefined;

  private constructor(table: Table, shown: string[]) {
    this.table = table;
    this.shown = shown;
    this.space = table.schema.space;
  }

  /** Reads the spelling of the commands, which is enough to show networks and to find them by it. */
  static async of(table: Table): Promise<Names> {
    const rows = await table.texts(`${PAGE}name`);
    const names = new Names(table, Array.from(table.rows, (row) => rows[row] ?? `row ${row}`));
    rows.forEach((text, row) => { if (text !== undefined) names.add(text, row, false); });
    return names;
  }

  /** Reads the table's own strings, ids and codes, once. */
  learn(): Promise<void> {
    this.learning ??= this.read();
    return this.learning;
  }

  private async read(): Promise<void> {
    const own = (info: ColumnInfo) => info.role === "arch" || info.role === "id";
    // Strings win over ids that read the same.
    const columns = this.table.schema.columns.filter(own).sort((a, b) => Number(a.role === "id") - Number(b.role === "id"));
    for (const info of columns) {
      const texts = await this.table.texts(info.name);
      texts.forEach((text, row) => { if (text !== undefined) this.add(text, row, info.type === "int"); });
    }
  }

  private add(text: string, row: number, isNumber: boolean): void {
    if (isNumber) this.byNumber.set(Number(text), this.byNumber.get(Number(text)) ?? row);
    else this.byName.set(text, this.byName.get(text) ?? row);
  }

  /** The network of a name: `nb201:210210`, a table's string, `#11472`, a code. */
  find(key: string): number | undefined {
    const row = this.row(key);
    return row === undefined ? undefined : this.table.networkOfRow[row];
  }

  /** The row of the file that a name means. */
  row(key: string): number | undefined {
    const name = key.trim();
    const bare = this.space !== undefined && name.startsWith(this.space) ? name.slice(this.space.length) : name;
    const named = this.byName.get(name) ?? (bare.startsWith(":") ? this.byName.get(bare.slice(1)) : undefined);
    if (named !== undefined) return named;
    const tuple = /^\(((?:\s*\d\s*,?)+)\)$/.exec(name);
    if (tuple !== null) return this.byName.get((tuple[1] ?? "").replaceAll(/[\s,]/g, ""));
    if (/^#\d+$/.test(bare)) return this.numbered(Number(bare.slice(1)));
    return /^\d+$/.test(name) ? this.byNumber.get(Number(name)) : undefined;
  }

  private numbered(number: number): number | undefined {
    if (this.byNumber.size > 0) return this.byNumber.get(number);
    return number < this.table.networkOfRow.length ? number : undefined;
  }
}

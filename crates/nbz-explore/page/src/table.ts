// The table inside the page: its Parquet, read column by column when somebody asks.
//
// Everything here speaks of networks, not rows: where several rows are strings of one network, the row that stands for
// it counts, as in every command (`Table::distinct_rows`). A network is its place in `rows`.

import { decompress } from "fzstd";
import { type FileMetaData, parquetMetadata, parquetRead } from "hyparquet";

import { Column } from "./column.ts";
import { type ColumnInfo, type Schema, PAGE } from "./schema.ts";

const SCHEMA_KEY = "nbzero.schema";

export class Table {
  readonly schema: Schema;
  /** The row of the file of each network, ascending. */
  readonly rows: Uint32Array;
  /** For each row of the file the network that it is a string of. */
  readonly networkOfRow: Uint32Array;
  private readonly bytes: ArrayBuffer;
  private readonly metadata: FileMetaData;
  private readonly numbers = new Map<string, Promise<Column>>();

  private constructor(bytes: ArrayBuffer, metadata: FileMetaData, schema: Schema, stands: ArrayLike<number> | undefined) {
    this.bytes = bytes;
    this.metadata = metadata;
    this.schema = schema;
    const count = Number(metadata.num_rows);
    const own = Uint32Array.from({ length: count }, (_, row) => row);
    this.rows = own.filter((row) => stands === undefined || stands[row] === row);
    const networkAt = new Map(Array.from(this.rows, (row, network) => [row, network]));
    this.networkOfRow = own.map((row) => networkAt.get(stands === undefined ? row : stands[row]) ?? 0);
  }

  /** Opens a file; `stands` says of each row which row stands for its network, where the file itself does not. */
  static async open(bytes: ArrayBuffer, stands?: ArrayLike<number>): Promise<Table> {
    const metadata = parquetMetadata(bytes);
    const text = metadata.key_value_metadata?.find((pair) => pair.key === SCHEMA_KEY)?.value;
    if (text === undefined) throw new Error("the table has no schema");
    const schema = JSON.parse(text) as Schema;
    const said = schema.columns.some((c) => c.name === `${PAGE}network`)
      ? (await read(bytes, metadata, `${PAGE}network`)).map(Number)
      : stands;
    return new Table(bytes, metadata, schema, said);
  }

  get networks(): number {
    return this.rows.length;
  }

  has(name: string): boolean {
    return this.schema.columns.some((c) => c.name === name);
  }

  /** A column of numbers, a value a network; flags are 0 and 1. */
  column(info: ColumnInfo): Promise<Column> {
    let column = this.numbers.get(info.name);
    if (column === undefined) {
      column = this.values(info.name).then((values) => {
        const own = Array.from(this.rows, (row) => values[row]);
        return Column.of(own.map((value) => (value === null || value === undefined ? undefined : Number(value))));
      });
      this.numbers.set(info.name, column);
    }
    return column;
  }

  /** A column of text, a value a row of the file. */
  async texts(name: string): Promise<(string | undefined)[]> {
    return (await this.values(name)).map((value) => (value === null || value === undefined ? undefined : String(value)));
  }

  /** A column of text, a value a network. */
  async textsOfNetworks(name: string): Promise<(string | undefined)[]> {
    const texts = await this.texts(name);
    return Array.from(this.rows, (row) => texts[row]);
  }

  private values(name: string): Promise<ArrayLike<unknown> & { map: Array<unknown>["map"] }> {
    return read(this.bytes, this.metadata, name);
  }
}

async function read(bytes: ArrayBuffer, metadata: FileMetaData, name: string): Promise<unknown[]> {
  const values: unknown[] = [];
  await parquetRead({
    file: { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) },
    metadata,
    columns: [name],
    compressors: { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) },
    onChunk: ({ columnData }) => {
      for (let row = 0; row < columnData.length; row += 1) values.push(columnData[row]);
    },
  });
  return values;
}

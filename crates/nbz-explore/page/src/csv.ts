// A CSV file that somebody dropped: read as `nbzero evaluate` reads it (nbz-table, csv_text.rs and join.rs).
//
// A header; the column `arch` (or one of its synonyms) names the network; every other column is a score. An empty cell is a
// score that was never computed. Everything is refused in words, with the line, rather than half-read.

/** Headers under which people put the architecture, most specific first. */
const KEYS = ["arch", "architecture", "arch_str", "id", "index", "hash"];
/** More than any table's scores; larger files would freeze the page while they are read. */
export const MOST_BYTES = 20_000_000;
const MOST_COLUMNS = 200;
const NUMBER = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|infinity|nan)$/i;

export class CsvFault extends Error {}

export interface CsvScores {
  columns: { name: string; values: (number | undefined)[] }[];
  /** What each line calls its network, and its line in the file. */
  keys: string[];
  lines: number[];
}

/** Refuses a file by its size before it is read. */
export function checkSize(bytes: number): void {
  if (bytes > MOST_BYTES) {
    const size = Math.round(bytes / 1e6);
    throw new CsvFault(`the file has ${size} MB; the page reads up to ${MOST_BYTES / 1e6} MB. nbzero evaluate FILE reads any`);
  }
}

export function parseCsv(text: string): CsvScores {
  const records = recordsOf(text);
  const header = records.shift()?.cells;
  if (header === undefined || records.length === 0) throw new CsvFault("the file is empty: a header and lines are needed");
  if (header.length > MOST_COLUMNS) throw new CsvFault(`the file has ${header.length} columns; the page reads up to ${MOST_COLUMNS}`);
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) throw new CsvFault(`two columns are called “${excerpt(twice)}”`);
  const key = KEYS.map((name) => header.findIndex((h) => h.toLowerCase() === name)).find((at) => at !== -1);
  if (key === undefined) throw new CsvFault(`no column names the architecture: none of ${KEYS.join(", ")}`);
  if (header.length === 1) throw new CsvFault("the file has no column of scores beside the architectures");
  for (const { line, cells } of records) {
    if (cells.length !== header.length) {
      throw new CsvFault(`line ${line}: ${cells.length} cells where the header has ${header.length}`);
    }
  }
  const columns = header.flatMap((name, at) => (at === key ? [] : [{
    name,
    values: records.map(({ line, cells }) => number(cells[at], name, line)),
  }]));
  return { columns, keys: records.map(({ cells }) => cells[key]), lines: records.map(({ line }) => line) };
}

function number(cell: string, column: string, line: number): number | undefined {
  if (cell === "") return undefined;
  if (!NUMBER.test(cell)) throw new CsvFault(`line ${line}: “${excerpt(cell)}” in column “${excerpt(column)}” is not a number`);
  if (/nan/i.test(cell)) return NaN;
  if (/inf/i.test(cell)) return cell.startsWith("-") ? -Infinity : Infinity;
  return Number(cell);
}

/** The beginning of a text that may be very long. */
export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Records with the line on which each starts; blank lines are none. Quotes as in RFC 4180. */
export function recordsOf(text: string): { line: number; cells: string[] }[] {
  const records: { line: number; cells: string[] }[] = [];
  let [at, line] = [text.startsWith("\uFEFF") ? 1 : 0, 1];
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    let ended = false;
    while (!ended) {
      let cell = "";
      while (text[at] === " " || text[at] === "\t") at += 1;
      if (text[at] === '"') {
        at += 1;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end === -1) throw new CsvFault(`line ${start}: a quote is never closed`);
          cell += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at += 1;
        }
        line += cell.split("\n").length - 1;
      }
      const rest = /[,\r\n]/g;
      rest.lastIndex = at;
      const end = rest.exec(text)?.index ?? text.length;
      cells.push((cell + text.slice(at, end)).trim());
      at = end + 1;
      ended = text[end] !== ",";
      if (text[end] === "\r" && text[at] === "\n") at += 1;
    }
    line += 1;
    if (cells.length > 1 || cells[0] !== "") records.push({ line: start, cells });
  }
  return records;
}

// The networks that are meant: within the limits, let through by their choices, inside the box if there is one. They are
// listed, best first, and downloaded as CSV.

import { inRange } from "./chart.ts";
import type { Column } from "./column.ts";
import { byId, button, el, setText } from "./dom.ts";
import type { Model, Named } from "./model.ts";
import { full, grouped, percent } from "./quantity.ts";
import { baseName, plain } from "./schema.ts";
import type { Box } from "./state.ts";

/** Lines of the list; the download has all. */
const LISTED = 12;

export function meant(feasible: Uint8Array, box: Box | undefined, x: Column, y: Column): Uint32Array {
  const indices = Uint32Array.from(feasible.keys());
  return indices.filter((i) => feasible[i] === 1 && (box === undefined || (inRange(x.values[i], box.x) && inRange(y.values[i], box.y))));
}

export function showList(model: Model, indices: Uint32Array, hasBox: boolean, x: Named, onShow: (index: number) => void): void {
  const { column, key } = model.accuracy;
  const best = indices.slice().sort((a, b) => order(column.values[b]) - order(column.values[a]) || a - b).slice(0, LISTED);
  const where = hasBox ? "in the box" : "within the budgets";
  setText(byId("meant"), `${grouped(indices.length)} networks ${where}${indices.length > LISTED ? `; the ${LISTED} most accurate:` : ""}`);
  const other = x.key === key ? undefined : x;
  const head = el("tr", {}, el("th", { scope: "col" }, "network"), el("th", { scope: "col", class: "n" }, key),
    other === undefined ? undefined : el("th", { scope: "col", class: "n" }, plain(other.key)));
  const rows = [...best].map((index) => el("tr", {},
    el("th", { scope: "row" }, button(model.names.shown[index], () => onShow(index), { class: "link" })),
    el("td", { class: "n" }, percent(column.values[index])),
    other === undefined ? undefined : el("td", { class: "n" }, full(other.column.at(index)))));
  byId("list").replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
}

function order(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}

/** The networks with some columns, as a spreadsheet or `nbzero evaluate` reads them: full digits, missing cells empty. */
export function csvOf(model: Model, indices: Uint32Array, columns: Named[]): string {
  const heads = ["arch", ...columns.map(({ key }) => plain(key))];
  const lines = Array.from(indices, (index) => [
    model.names.shown[index],
    ...columns.map(({ column }) => number(column.at(index))),
  ]);
  return [heads, ...lines].map((cells) => cells.map(quoted).join(",") + "\n").join("");
}

function number(value: number | undefined): string {
  if (value === undefined) return "";
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Downloads some networks with every column of the data set and every score of one's own. */
export async function save(model: Model, indices: Uint32Array): Promise<void> {
  const columns = await Promise.all(model.columns().map((info) => model.named(baseName(info))));
  const own = model.ranked.filter((ranked) => ranked.own);
  const name = [model.table.schema.name, model.dataset, "selection.csv"].filter((part) => part !== undefined).join("-");
  download(name.replaceAll(/[^\w.-]/g, "-"), csvOf(model, indices, [...own, ...columns.filter((c) => c !== undefined)]));
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// What colour each network has: by its rank in a column of numbers, or by a choice.
//
// Ranks, not values: scores have tails and infinities, and a colour that only the tail can have tells nothing.

import { type Rgb, choiceColour, css, shade } from "./colours.ts";
import { byId, el } from "./dom.ts";
import type { Choice, Named } from "./model.ts";
import { short } from "./quantity.ts";
import { plain } from "./schema.ts";

const SHADES = 64;

export interface Colouring { colours: Rgb[]; colourOf: Int16Array; legend: HTMLElement }

export function byNumber({ column, key, info }: Named, dark: boolean): Colouring {
  const known = column.presentIndices().filter((index) => !Number.isNaN(column.values[index]));
  const sorted = known.slice().sort((a, b) => column.values[a] - column.values[b]);
  const colourOf = new Int16Array(column.values.length).fill(-1);
  // Equal values have one colour: that of the middle of their ranks.
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && column.values[sorted[to]] === column.values[sorted[from]]) to += 1;
    const middle = (from + to - 1) / 2 / Math.max(sorted.length - 1, 1);
    for (; from < to; from += 1) colourOf[sorted[from]] = Math.min(Math.floor(middle * SHADES), SHADES - 1);
  }
  const colours = Array.from({ length: SHADES }, (_, at) => shade((at + 0.5) / SHADES, dark));
  const at = (share: number) => short(column.values[sorted[Math.round(share * (sorted.length - 1))]]);
  const bar = el("span", { class: "bar", style: `background:linear-gradient(90deg,${colours.filter((_, at) => at % 7 === 0).map(css).join(",")})` });
  const legend = el("div", { class: "ramp" }, bar, ...[0, 0.5, 1].map((share) => el("span", {}, sorted.length === 0 ? "–" : at(share))));
  legend.title = `${plain(key)}: ${info.meaning}`;
  return { colours, colourOf, legend };
}

export function byChoice({ options, made }: Choice, dark: boolean): Colouring {
  // Widths and depths are more or less of something; operations only differ.
  const isNumeric = options.every((option) => option !== "" && !Number.isNaN(Number(option)));
  const colours = options.map((_, at) => (isNumeric ? shade((at + 0.5) / options.length, dark) : choiceColour(at, dark)));
  const keys = options.map((option, at) => el("span", { class: "key" }, el("i", { style: `background:${css(colours[at])}` }), option));
  return { colours, colourOf: made, legend: el("div", { class: "keys" }, ...keys) };
}

export function showLegend({ legend }: Colouring): void {
  byId("legend").replaceChildren(legend);
}

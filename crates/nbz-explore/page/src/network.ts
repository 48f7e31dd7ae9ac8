// One network, or two beside each other: drawn, with every number that the table has and where it comes from.

import { drawing, cell } from "./drawing.ts";
import { byId, el } from "./dom.ts";
import type { Choice, Model, Named } from "./model.ts";
import { full } from "./quantity.ts";
import { type ColumnInfo, plain } from "./schema.ts";

export interface Shown {
  index: number;
  name: string;
  /** Segments, as the table's page column spells them. */
  drawing: string | undefined;
}

/** Fills the panel. `side` is the side of the data set's images in pixels. */
export function showNetworks(model: Model, shown: Shown[], numbers: Named[], side: number): void {
  const panel = byId("networks");
  const first = shown[0];
  if (first === undefined) {
    panel.replaceChildren(el("p", { class: "soft" }, "Click a point, or a name in the table of picks, and the network is drawn here with its numbers."));
    return;
  }
  const figures = shown.map((network, at) => el("figure", {},
    el("figcaption", {}, el("strong", { class: at === 0 ? "here" : "beside" }, at === 0 ? "●" : "◌"), " ", el("code", {}, network.name)),
    ...pictures(model, network, side)));
  panel.replaceChildren(...figures, numbersOf(shown, numbers));
}

function pictures(model: Model, { index, name, drawing: segments }: Shown, side: number): (Element | undefined)[] {
  const edges = model.choices.filter(({ place }) => place.startsWith("edge "));
  const made = model.choices.flatMap((choice) => {
    const option = optionOf(choice, index);
    return option === undefined ? [] : [{ place: choice.place, option }];
  });
  const list = made.length === 0 ? undefined
    : el("ul", { class: "choices", "aria-label": "Its choices" }, ...made.map(({ place, option }) => el("li", {}, `${place}: `, el("b", {}, option))));
  return [
    segments === undefined ? undefined : drawing(segments, name, side),
    edges.length === 6 ? cell(edges.map((edge) => ({ place: edge.place, option: optionOf(edge, index) ?? "none" }))) : undefined,
    list,
  ];
}

function optionOf({ options, made }: Choice, index: number): string | undefined {
  return made[index] === -1 ? undefined : options[made[index]];
}

function numbersOf(shown: Shown[], numbers: Named[]): HTMLElement {
  const pair = shown.length === 2;
  const isKnown = ({ column }: Named) => shown.some(({ index }) => column.at(index) !== undefined);
  const [known, unknown] = [numbers.filter(isKnown), numbers.filter((named) => !isKnown(named))];
  const head = el("tr", {}, el("th", { scope: "col" }, "number"), ...shown.map((_, at) => el("th", { scope: "col", class: "n" }, pair ? (at === 0 ? "● this" : "◌ kept") : "value")),
    pair ? el("th", { scope: "col", class: "n" }, "difference") : undefined);
  const body = known.map(({ key, info, column }) => {
    const values = shown.map(({ index }) => column.at(index));
    const [a, b] = values;
    return el("tr", {},
      el("th", { scope: "row", title: info.meaning }, plain(key), unit(info)),
      // Two and their difference have room for fewer digits.
      ...values.map((value) => el("td", { class: "n", title: full(value) }, full(value, pair ? 6 : 8))),
      pair ? el("td", { class: "n" }, a === undefined || b === undefined ? "–" : full(a - b, 6)) : undefined);
  });
  return el("div", {},
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Numbers of the network" },
      el("table", { id: "numbers" }, el("thead", {}, head), el("tbody", {}, ...body))),
    unknown.length === 0 ? undefined : el("p", { class: "soft" }, `Never computed for it: ${unknown.map(({ key }) => plain(key)).join(", ")}.`),
    origins(known));
}

/** Where the numbers come from, those of one origin together. */
function origins(numbers: Named[]): HTMLElement {
  const groups = new Map<string, string[]>();
  for (const { key, info } of numbers) {
    const from = provenance(info);
    groups.set(from, [...(groups.get(from) ?? []), plain(key)]);
  }
  const lines = [...groups].flatMap(([from, keys]) => [el("dt", {}, from), el("dd", {}, keys.join(", "))]);
  return el("details", { id: "origins" }, el("summary", {}, "Where these numbers come from"), el("dl", { class: "soft" }, ...lines));
}

function unit({ unit }: ColumnInfo): HTMLElement | undefined {
  return unit === "-" || unit === "score" || unit === "count" ? undefined : el("small", {}, ` ${unit}`);
}

/** imported, FreeREA 9c2a726, MIT */
export function provenance(info: ColumnInfo): string {
  const source = info.source.replace(/^https:\/\/github\.com\/[^/]+\//, "");
  const version = /^[0-9a-f]{40}$/.test(info.version) ? info.version.slice(0, 7) : info.version;
  return [info.provenance, `${source} ${version}`.trim(), info.licence].filter((part) => part !== "").join(", ");
}

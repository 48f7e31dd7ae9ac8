// The controls that are no part of their own: what stands on the axes, scales, colour, data set, and the buttons.

import { byId, option } from "./dom.ts";
import type { Model } from "./model.ts";
import { baseName, datasets } from "./schema.ts";
import type { Schema } from "./schema.ts";
import type { View } from "./state.ts";

/** How the colour by a choice is called, before the place. */
export const CHOICE = "choice:";

export interface Asked {
  change(part: (view: View) => Partial<View>): void;
  find(name: string): void;
  save(): void;
  copy(): void;
}

const AXES = ["x", "y"] as const;

/** Hears every control. */
export function listenToControls(schema: Schema, asked: Asked): void {
  const known = datasets(schema);
  byId("dataset").replaceChildren(...known.map((name) => option(name, name)));
  byId("dataset-line").hidden = known.length < 2;
  const onSelect = (id: string, part: (value: string, view: View) => Partial<View>) => {
    const select = byId<HTMLSelectElement>(id);
    select.addEventListener("change", () => asked.change((view) => part(select.value, view)));
  };
  // A box means numbers of the columns that it was drawn on, a limit those of its data set.
  onSelect("dataset", (dataset) => ({ dataset, limits: new Map(), selection: undefined, zoom: undefined }));
  onSelect("x", (x) => ({ x, selection: undefined, zoom: undefined }));
  onSelect("y", (y) => ({ y, selection: undefined, zoom: undefined }));
  onSelect("colour", (colour) => ({ colour }));
  for (const axis of AXES) {
    onSelect(`scale-${axis}`, (value, view) => {
      const { [axis]: _, ...others } = view.log;
      return { log: value === "auto" ? others : { ...others, [axis]: value === "log" } };
    });
  }
  const onClick = (id: string, part: (view: View) => Partial<View>) => byId(id).addEventListener("click", () => asked.change(part));
  onClick("no-limits", () => ({ limits: new Map() }));
  onClick("all-choices", () => ({ only: new Map() }));
  onClick("zoom-in", (view) => ({ zoom: view.selection, selection: undefined }));
  onClick("zoom-out", () => ({ zoom: "all" }));
  onClick("clear-box", () => ({ selection: undefined }));
  onClick("keep", (view) => ({ beside: view.network }));
  onClick("part", () => ({ beside: undefined }));
  byId("save").addEventListener("click", () => asked.save());
  byId("copy").addEventListener("click", () => asked.copy());
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    asked.find(byId<HTMLInputElement>("find-name").value);
  });
}

/** Offers the columns of a data set, own scores first. */
export function fillControls(model: Model): void {
  const numbers = model.columns().map((info) => option(baseName(info), baseName(info)));
  const own = model.ranked.filter((ranked) => ranked.own).map(({ key, info }) => option(key, `${info.name} (yours)`));
  const choices = model.choices.map(({ place }) => option(`${CHOICE}${place}`, place));
  const copies = (options: HTMLOptionElement[]) => options.map((o) => o.cloneNode(true));
  for (const axis of AXES) byId(axis).replaceChildren(...copies([...own, ...numbers]));
  byId("colour").replaceChildren(...copies([...own, ...numbers, ...choices]));
}

/** Shows what a view says. `outside` is how many networks are not seen. */
export function showControls(view: View, outside: number): void {
  for (const id of ["x", "y", "colour"] as const) byId<HTMLSelectElement>(id).value = view[id];
  byId<HTMLSelectElement>("dataset").value = view.dataset ?? "";
  for (const axis of AXES) {
    const log = view.log[axis];
    byId<HTMLSelectElement>(`scale-${axis}`).value = log === undefined ? "auto" : log ? "log" : "linear";
  }
  byId("zoom-in").hidden = view.selection === undefined;
  byId("clear-box").hidden = view.selection === undefined;
  byId("zoom-out").hidden = view.zoom === "all" || (view.zoom === undefined && outside === 0);
}

// Choices of architectures that are let through: a line a place, a box a choice.

import { byId, el } from "./dom.ts";
import type { Choice } from "./model.ts";

export type OnOnly = (place: string, chosen: string[] | undefined) => void;

export class Filters {
  private boxes: { place: string; option: string; box: HTMLInputElement }[] = [];
  private readonly onOnly: OnOnly;

  constructor(onOnly: OnOnly) {
    this.onOnly = onOnly;
  }

  build(choices: Choice[]): void {
    this.boxes = [];
    byId("filters").hidden = choices.length === 0;
    // Beside the chart there is room for them.
    byId<HTMLDetailsElement>("filters").open = innerWidth > 900;
    byId("choices").replaceChildren(...choices.map(({ place, options }) => {
      const labels = options.map((option) => {
        const box = el("input", { type: "checkbox" });
        box.addEventListener("change", () => this.changed(place, options));
        this.boxes.push({ place, option, box });
        return el("label", {}, box, option);
      });
      return el("fieldset", {}, el("legend", {}, place), ...labels);
    }));
  }

  private changed(place: string, options: string[]): void {
    const chosen = this.boxes.filter((b) => b.place === place && b.box.checked).map((b) => b.option);
    this.onOnly(place, chosen.length === options.length ? undefined : chosen);
  }

  show(only: Map<string, string[]>): void {
    for (const { place, option, box } of this.boxes) box.checked = only.get(place)?.includes(option) ?? true;
    byId("all-choices").hidden = only.size === 0;
  }
}

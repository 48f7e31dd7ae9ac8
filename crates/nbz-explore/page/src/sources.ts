// Whose numbers these are: sources, licences, what to cite.

import { byId, el } from "./dom.ts";
import type { Schema } from "./schema.ts";

export function showSources(schema: Schema): void {
  const facts: [string, string][] = [
    ["Table", schema.title], ["Licence", schema.licence], ["Attribution", schema.attribution], ["Cite", schema.citation], ["Notes", schema.notes],
  ];
  byId("sources").replaceChildren(...facts.flatMap(([name, text]) => (text === "" ? [] : [el("dt", {}, name), el("dd", {}, text)])));
}

// What is marked on the scatter: the best network, the picks, the networks that are shown; and what is said of a point.

import type { Scene } from "./chart.ts";
import type { Answer, Named } from "./model.ts";
import { full } from "./quantity.ts";
import { plain } from "./schema.ts";

export function marksOf(answer: Answer, shown: { index: number; name: string }[]): Scene["marks"] {
  const picks = new Map<number, string[]>();
  for (const { ranked, pick } of answer.picks) {
    if (pick !== undefined) picks.set(pick.index, [...(picks.get(pick.index) ?? []), plain(ranked.key)]);
  }
  const marks: Scene["marks"] = [...picks].map(([index, by]) => ({ index, kind: "pick", title: `picked by ${by.join(", ")}` }));
  shown.forEach(({ index, name }, at) => marks.push({ index, kind: at === 0 ? "network" : "beside", title: name }));
  if (answer.oracle !== undefined) marks.push({ index: answer.oracle.index, kind: "oracle", title: "the best network" });
  return marks;
}

/** A network in one line: its name, its numbers, who picks it. */
export function describe(index: number, name: string, numbers: Named[], { oracle, picks }: Answer): string {
  const values = numbers.map(({ key, column }) => `${plain(key)} ${full(column.at(index))}`);
  const by = picks.filter(({ pick }) => pick?.index === index).map(({ ranked }) => plain(ranked.key));
  const parts = [...values, ...(oracle?.index === index ? ["the best"] : []), ...(by.length === 0 ? [] : [`picked by ${by.join(", ")}`])];
  return `${name}: ${parts.join(", ")}`;
}

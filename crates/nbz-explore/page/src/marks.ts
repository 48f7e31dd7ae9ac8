// What is marked on the scatter: the best network, the picks, the networks that are shown.

import type { Scene } from "./chart.ts";
import type { Answer } from "./model.ts";

export function marksOf(answer: Answer, shown: { index: number; name: string }[]): Scene["marks"] {
  const picks = new Map<number, string[]>();
  for (const { ranked, pick } of answer.picks) {
    if (pick !== undefined) picks.set(pick.index, [...(picks.get(pick.index) ?? []), ranked.key.replace(/^own:/, "")]);
  }
  const marks: Scene["marks"] = [...picks].map(([index, by]) => ({ index, kind: "pick", title: `picked by ${by.join(", ")}` }));
  shown.forEach(({ index, name }, at) => marks.push({ index, kind: at === 0 ? "network" : "beside", title: name }));
  if (answer.oracle !== undefined) marks.push({ index: answer.oracle.index, kind: "oracle", title: "the best network" });
  return marks;
}

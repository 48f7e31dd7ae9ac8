// How a score is drawn: the colours and dashes of the static figures (nbz-figures, look.rs).

import { choiceColour, css } from "../colours.ts";

const PAPER = ["fisher", "zen", "grad_norm", "synflow", "jacob_cov", "snip", "ntk", "grasp", "plain"];
const GREYS = new Map([["macs", 0.3], ["params", 0.5], ["depth", 0.65], ["random", 0.75]]);
const DASHES = new Map([["macs", "dash"], ["params", "dashdot"], ["depth", "dot"], ["random", "dot"]]);

export interface Look {
  color: string;
  dash: string;
}

/** `place` tells apart the scores that the paper does not know. */
export function look(name: string, place: number, dark: boolean): Look {
  if (name === "oracle") return { color: dark ? "#ffffff" : "#000000", dash: "solid" };
  const grey = GREYS.get(name);
  if (grey !== undefined) {
    const level = Math.round(255 * (dark ? 1 - grey * 0.6 : grey));
    return { color: css([level, level, level]), dash: DASHES.get(name) ?? "solid" };
  }
  const known = PAPER.indexOf(name);
  return { color: css(choiceColour(known === -1 ? place : known, dark)), dash: known === -1 ? "dash" : "solid" };
}

// The table of picks: what the truth, chance and every score find within the budgets, and how far off it is.

import { byId, button, el, setText } from "./dom.ts";
import type { Answer, PickRow } from "./model.ts";
import { full, grouped, percent } from "./quantity.ts";

export interface PicksHeard {
  /** Somebody wants to see a pick. */
  show(index: number): void;
  /** Somebody turned round what counts as good of an own score, or threw it away. */
  turn(key: string): void;
  remove(key: string): void;
}

interface Line { row: HTMLTableRowElement; name: HTMLButtonElement; cells: HTMLTableCellElement[]; index: number | undefined }

/** mBR, accuracy, below best, rank, shared: the first two are seen on a phone, too. */
const COLUMNS = 5;

export class Picks {
  private lines = new Map<string, Line>();
  private readonly body = byId("picks").querySelector("tbody") as HTMLTableSectionElement;
  private readonly heard: PicksHeard;

  constructor(heard: PicksHeard) {
    this.heard = heard;
  }

  /** Makes a line a score. */
  build(rows: PickRow[]): void {
    this.lines.clear();
    this.body.replaceChildren();
    this.add("oracle", "the best", undefined);
    this.add("random", "by chance, on average", undefined);
    for (const { ranked } of rows) this.add(ranked.key, ranked.own ? ranked.info.name : ranked.key, ranked.own ? ranked.info.direction : undefined);
  }

  private add(key: string, text: string, own: string | undefined): void {
    const line: Line = { row: el("tr"), name: button(text, () => { if (line.index !== undefined) this.heard.show(line.index); }, { class: "link" }), cells: [], index: undefined };
    const head = el("th", { scope: "row" }, line.name);
    if (own !== undefined) {
      const turned = own === "smaller" ? "smaller is better" : "larger is better";
      head.append(" ", el("small", {}, "yours"), " ",
        button(turned, () => this.heard.turn(key), { class: "quiet", title: "Turn round which values are good" }),
        button("remove", () => this.heard.remove(key), { class: "quiet", "aria-label": `Remove ${text}` }));
      line.row.className = "own";
    }
    if (key === "oracle" || key === "random") line.row.className = "rule";
    line.cells = Array.from({ length: COLUMNS }, () => el("td", { class: "n" }));
    line.row.dataset["key"] = key;
    line.row.append(head, ...line.cells);
    this.lines.set(key, line);
    this.body.append(line.row);
  }

  /** Writes the numbers; `sort` puts the lowest mBR first, which is not done under somebody's hand. */
  show(answer: Answer, sort: boolean): void {
    const { oracle, random } = answer;
    const best = oracle?.accuracy ?? NaN;
    this.write("oracle", oracle?.index, [oracle === undefined || answer.tied ? "–" : share(0), percent(best), percent(0), "0", String(oracle?.shared ?? 0)], oracle?.accuracy);
    this.write("random", undefined, [share(random.mbr), percent(random.accuracy), percent(best - random.accuracy), answer.count === 0 ? "–" : grouped((answer.count - 1) / 2), "–"], undefined);
    for (const { ranked, pick, mbr } of answer.picks) {
      const cells = pick === undefined ? ["–", "–", "–", "–"]
        : [percent(pick.accuracy), percent(best - pick.accuracy), grouped(pick.rank), grouped(pick.shared)];
      this.write(ranked.key, pick?.index, [share(mbr?.mbrTies), ...cells], pick?.accuracy, mbr?.mbrTies);
    }
    const costs = answer.mbrCosts.join(" and ");
    setText(byId("mbr-note"), answer.tied ? "mBR is undefined: all accuracies are equal, so no network ranks before another." : costs === "" ? "The table has no cost, so there are no budgets to take mBR over."
      : `mBR: the mean share of better networks over five even budgets on ${costs}, from the smallest up to the limits above; 0 is the oracle's.`);
    if (sort) this.sort(answer);
  }

  private write(key: string, index: number | undefined, texts: string[], accuracy: number | undefined, mbr?: number): void {
    const line = this.lines.get(key);
    if (line === undefined) return;
    line.index = index;
    line.name.disabled = index === undefined;
    texts.forEach((text, at) => setText(line.cells[at], text));
    const [mean, found] = line.cells as [HTMLTableCellElement, HTMLTableCellElement];
    mean.title = mbr === undefined ? "" : String(mbr);
    mean.style.setProperty("--share", mbr === undefined ? "0" : String(Math.min(mbr, 1)));
    found.title = accuracy === undefined ? "" : full(accuracy);
  }

  private sort(answer: Answer): void {
    const key = ({ mbr }: PickRow) => mbr?.mbrTies ?? Infinity;
    const rank = ({ pick }: PickRow) => pick?.sharedRank ?? Infinity;
    const sorted = [...answer.picks].sort((a, b) => key(a) - key(b) || rank(a) - rank(b));
    const wanted = ["oracle", ...sorted.map(({ ranked }) => ranked.key), "random"];
    const now = [...this.body.rows].map((row) => row.dataset["key"]);
    if (now.every((key, at) => key === wanted[at])) return;
    this.body.append(...wanted.flatMap((key) => this.lines.get(key)?.row ?? []));
  }
}

function share(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(4);
}

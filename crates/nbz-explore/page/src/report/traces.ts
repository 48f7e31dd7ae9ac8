// What plotly draws of a figure's sheet. Pure: sheets in, traces and axes out.

import { look } from "./look.ts";
import { grouped, numberOf, texts, type Sheet } from "./sheet.ts";

export interface Drawing {
  data: object[];
  layout: Record<string, object | string | number | boolean>;
}

/** Scores more decades apart than this stand on a logarithmic axis, as in the static figure. */
const DECADES = 3;

/** Figure 3's scores, in its order. */
export function scoresOf(sheet: Sheet): string[] {
  return sheet.header.filter((name) => name !== "network" && name !== "accuracy");
}

/** Figure 3: accuracy against one score, a point a network. */
export function scatter(sheet: Sheet, score: string, dark: boolean): Drawing {
  const x = texts(sheet, score).map(numberOf);
  const y = texts(sheet, "accuracy").map(numberOf);
  const known = x.filter((value) => value !== null);
  const [least, most] = known.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
  const log = least > 0 && Math.log10(most / least) > DECADES;
  return {
    data: [{
      type: "scatter",
      mode: "markers",
      x,
      y,
      text: texts(sheet, "network"),
      hovertemplate: `%{text}<br>${escaped(score)}: %{x:.6~g}<br>accuracy: %{y:.2f} %<extra></extra>`,
      marker: { size: 4, opacity: dark ? 0.75 : 0.45, color: look(score, scoresOf(sheet).indexOf(score), dark).color },
    }],
    layout: {
      xaxis: { title: { text: escaped(score) }, type: log ? "log" : "linear", exponentformat: "power" },
      yaxis: { title: { text: "accuracy (%)" } },
      showlegend: false,
    },
  };
}

/** Figures 4 to 6: what a search by each score finds under budgets of a cost, and the rank of that. */
export function budgets(sheet: Sheet, cost: string, dark: boolean): Drawing {
  const at = (name: string) => sheet.header.indexOf(name);
  const [limit, accuracy, rank] = [at("limit"), at("accuracy"), at("rank_share")];
  const line = (rows: string[][], column: number) => ({
    x: rows.map((row) => numberOf(row[limit])),
    y: rows.map((row) => numberOf(row[column])),
  });
  const data = [...grouped(sheet, "score")].flatMap(([name, rows], place) => {
    const common = { type: "scatter", mode: "lines+markers", name: escaped(name), legendgroup: name, line: look(name, place, dark) };
    return [
      { ...common, ...line(rows, accuracy), hovertemplate: "%{y:.2f} % under %{x:.4s}" },
      { ...common, ...line(rows, rank), xaxis: "x2", yaxis: "y2", showlegend: false, hovertemplate: "%{y:.4f} under %{x:.4s}" },
    ];
  });
  return {
    data,
    layout: {
      grid: { rows: 1, columns: 2, pattern: "independent" },
      xaxis: { title: { text: `most ${cost}` } },
      yaxis: { title: { text: "accuracy of the pick (%)" } },
      xaxis2: { title: { text: `most ${cost}` } },
      yaxis2: { title: { text: "share of feasible networks that are better" } },
      hovermode: "closest",
    },
  };
}

/** How subsets are combined, by the dash of their line. */
const HYBRID_DASHES = new Map([["ranksum", "solid"], ["logranksum", "dash"], ["vote", "dot"]]);

/**
 * Figure 9: the best subset of proxies of every size; a subset's members and its interval show under the pointer. A
 * colour says how a subset was chosen and where it was measured, a dash how its proxies are combined.
 */
export function subsets(sheet: Sheet, dark: boolean): Drawing {
  const at = (name: string) => sheet.header.indexOf(name);
  const [hybrid, where, kind, size, members, mbr, low, high] =
    ["hybrid", "measured on", "subset", "size", "proxies", "mbr", "mbr_low", "mbr_high"].map(at);
  const lines = new Map<string, string[][]>();
  const choice = (row: string[]) => `${row[kind]}\n${row[where]}`;
  const choices = [...new Set(sheet.rows.map(choice))];
  const interval = (row: string[]) => (row[low] ? ` [${rounded(row[low])}, ${rounded(row[high])}]` : "");
  const places = new Set(texts(sheet, "measured on"));
  for (const row of sheet.rows) {
    const name = `${row[hybrid]}, ${row[kind]}${places.size > 1 ? `, on ${row[where]}` : ""}`;
    lines.set(name, [...(lines.get(name) ?? []), row]);
  }
  // A line has a point a size; what is listed otherwise, such as the twenty best, are points.
  const data = [...lines].map(([name, rows]) => {
    const sizes = rows.map((row) => row[size]);
    const isLine = rows.length > 1 && new Set(sizes).size === sizes.length;
    return {
      type: "scatter",
      mode: isLine ? "lines+markers" : "markers",
      name: escaped(name),
      x: sizes.map(numberOf),
      y: rows.map((row) => numberOf(row[mbr])),
      text: rows.map((row) => escaped(row[members]).replaceAll(" + ", "<br>")),
      customdata: rows.map(interval),
      hovertemplate: "mBR %{y:.4f}%{customdata}<br>%{text}",
      line: {
        ...look("", choices.indexOf(choice(rows[0] ?? [])), dark),
        dash: HYBRID_DASHES.get(rows[0]?.[hybrid] ?? "") ?? "solid",
      },
      marker: { size: 6 },
    };
  });
  return {
    data,
    layout: {
      xaxis: { title: { text: "proxies in the subset" }, dtick: 1 },
      yaxis: { title: { text: "mBR (0 is perfect)" }, rangemode: "tozero" },
      hovermode: "closest",
    },
  };
}

/** With as many digits as the hover shows of an mBR. */
function rounded(text: string | undefined): string {
  return Number(text).toFixed(4);
}

/** plotly reads a little HTML in texts; names are none. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

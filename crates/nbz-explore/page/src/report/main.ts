// The report's charts: figures 3 to 6 and 9 of one table, to turn and to point at. The static picture stays above each.
//
// A chart is made when it is unfolded for the first time: until then the page costs nothing.

import Plotly from "plotly.js-basic-dist-min";

import { sheetOf, type Sheet } from "./sheet.ts";
import { budgets, scatter, scoresOf, subsets, type Drawing } from "./traces.ts";

/** What has no use here, and what would send the numbers away. */
const REMOVED = ["lasso2d", "select2d", "sendChartToCloud"] as Plotly.ModeBarDefaultButtons[];

const dark = matchMedia("(prefers-color-scheme: dark)");

/** A figure's sheets by the file name of the figure. */
function sheets(): Record<string, string> {
  const held = document.getElementById("sheets");
  return held === null ? {} : (JSON.parse(held.textContent ?? "{}") as Record<string, string>);
}

function drawingOf(stem: string, sheet: Sheet, score: string): Drawing {
  if (stem.startsWith("fig3_")) return scatter(sheet, score, dark.matches);
  if (stem.startsWith("fig9_")) return subsets(sheet, dark.matches);
  const cost = stem.startsWith("fig4_") ? "MACs" : stem.startsWith("fig5_") ? "params" : "depth";
  return budgets(sheet, cost, dark.matches);
}

function draw(place: HTMLElement, { data, layout }: Drawing): void {
  const [ink, rule] = dark.matches ? ["#dddddd", "#444444"] : ["#222222", "#dddddd"];
  const axis = (name: string) => (name.includes("axis") ? { gridcolor: rule, zerolinecolor: rule, automargin: true } : {});
  const axes = Object.entries(layout).map(([name, value]) => [
    name,
    typeof value === "object" ? { ...value, ...axis(name) } : value,
  ]);
  void Plotly.react(place, data as Plotly.Data[], {
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: "inherit", color: ink, size: 13 },
    margin: { t: 40, r: 20 },
    height: 480,
    legend: { orientation: "h", y: -0.2, itemclick: "toggle", itemdoubleclick: "toggleothers" },
    modebar: { bgcolor: "transparent", color: ink, activecolor: ink },
    ...(Object.fromEntries(axes) as object),
  }, { responsive: true, displaylogo: false, modeBarButtonsToRemove: REMOVED });
}

function prepare(figure: HTMLElement, stem: string, csv: string): void {
  const details = document.createElement("details");
  details.className = "chart";
  const summary = document.createElement("summary");
  summary.textContent = "To point at and to enlarge";
  const place = document.createElement("div");
  details.append(summary);
  let sheet: Sheet | undefined;
  let score = "";
  const show = () => {
    if (sheet !== undefined) draw(place, drawingOf(stem, sheet, score));
  };
  details.addEventListener("toggle", () => {
    if (!details.open || sheet !== undefined) return;
    sheet = sheetOf(csv);
    if (stem.startsWith("fig3_")) details.append(chooser(scoresOf(sheet), (name) => { score = name; show(); }));
    details.append(place);
    score = scoresOf(sheet)[0] ?? "";
    show();
  });
  dark.addEventListener("change", show);
  figure.append(details);
}

/** Which score stands on the x axis. */
function chooser(names: string[], choose: (name: string) => void): HTMLLabelElement {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(...names.map((name) => new Option(name)));
  select.addEventListener("change", () => choose(select.value));
  label.append("Score ", select);
  return label;
}

for (const [stem, csv] of Object.entries(sheets())) {
  const figure = document.getElementById(stem);
  if (figure !== null) prepare(figure, stem, csv);
}

// What a person has set on the page, and its spelling in the address: a link shows the same view again.
//
// Columns go by their names without the data set, networks by the spelling that commands read.

export type Range = [number, number];
export interface Box { x: Range; y: Range }

export interface View {
  dataset: string | undefined;
  x: string;
  y: string;
  colour: string;
  /** Axes whose scale somebody chose; the others follow their numbers. */
  log: { x?: boolean; y?: boolean };
  /** Upper limits by column. */
  limits: Map<string, number>;
  /** Choices that are let through, by place. */
  only: Map<string, string[]>;
  selection: Box | undefined;
  /** What the axes show: a box, everything, or by default where nearly all networks are. */
  zoom: Box | "all" | undefined;
  network: string | undefined;
  beside: string | undefined;
}

/** The address's part behind `#`. */
export function toHash(view: View, defaults: View): string {
  const params = new URLSearchParams();
  const set = (key: string, value: string | undefined, usual?: string) => {
    if (value !== undefined && value !== usual) params.append(key, value);
  };
  set("on", view.dataset, defaults.dataset);
  set("x", view.x, defaults.x);
  set("y", view.y, defaults.y);
  set("colour", view.colour, defaults.colour);
  for (const axis of ["x", "y"] as const) {
    const log = view.log[axis];
    set(`scale.${axis}`, log === undefined ? undefined : log ? "log" : "linear");
  }
  for (const [column, limit] of view.limits) set(`max.${column}`, String(limit));
  for (const [place, chosen] of view.only) {
    // A place of which nothing is let through is said too.
    if (chosen.length === 0) set(`only.${place}`, "");
    for (const choice of chosen) set(`only.${place}`, choice);
  }
  set("box", spell(view.selection));
  set("zoom", view.zoom === "all" ? "all" : spell(view.zoom));
  set("net", view.network);
  set("with", view.beside);
  return params.toString();
}

/** The view of an address: what it does not say, or says wrongly, is as by default. */
export function fromHash(hash: string, defaults: View): View {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const view: View = {
    ...defaults,
    dataset: params.get("on") ?? defaults.dataset,
    x: params.get("x") ?? defaults.x,
    y: params.get("y") ?? defaults.y,
    colour: params.get("colour") ?? defaults.colour,
    log: {},
    limits: new Map(),
    only: new Map(),
    selection: read(params.get("box")),
    zoom: params.get("zoom") === "all" ? "all" : read(params.get("zoom")),
    network: params.get("net") ?? undefined,
    beside: params.get("with") ?? undefined,
  };
  for (const axis of ["x", "y"] as const) {
    const scale = params.get(`scale.${axis}`);
    if (scale === "log" || scale === "linear") view.log[axis] = scale === "log";
  }
  for (const key of new Set(params.keys())) {
    const [kind, name] = [key.slice(0, key.indexOf(".") + 1), key.slice(key.indexOf(".") + 1)];
    const limit = Number(params.get(key) || NaN);
    if (kind === "max." && Number.isFinite(limit)) view.limits.set(name, limit);
    if (kind === "only.") view.only.set(name, params.getAll(key).filter((choice) => choice !== ""));
  }
  return view;
}

function spell(box: Box | undefined): string | undefined {
  return box === undefined ? undefined : [...box.x, ...box.y].map((n) => Number(n.toPrecision(8))).join("_");
}

function read(text: string | null): Box | undefined {
  const numbers = (text ?? "").split("_").map((n) => (n === "" ? NaN : Number(n)));
  const [x0, x1, y0, y1] = numbers as [number, number, number, number];
  const sound = numbers.length === 4 && numbers.every(Number.isFinite) && x0 < x1 && y0 < y1;
  return sound ? { x: [x0, x1], y: [y0, y1] } : undefined;
}

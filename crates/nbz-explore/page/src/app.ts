// What holds the page together: the view that a person has set, and every part that shows it.

import { type Axis, Chart, type Scene } from "./chart.ts";
import { type Colouring, byChoice, byNumber, showLegend } from "./colouring.ts";
import { Budgets } from "./budgets.ts";
import { byId, option, setText } from "./dom.ts";
import { type Dropped, listen } from "./drop.ts";
import { Filters } from "./filters.ts";
import type { Facts } from "./main.ts";
import { type Answer, Model, type Named, type OwnScore } from "./model.ts";
import { Names } from "./names.ts";
import { type Shown, showNetworks } from "./network.ts";
import { Picks } from "./picks.ts";
import { full, grouped, percent } from "./quantity.ts";
import { type ColumnInfo, accuracyOn, baseName, datasets, PAGE, rankings, withRole } from "./schema.ts";
import { csvOf, download, meant, showList } from "./selection.ts";
import { showSources } from "./sources.ts";
import { type View, fromHash, toHash } from "./state.ts";
import type { Table } from "./table.ts";

const CHOICE = "choice:";

/** A network that is shown, before its drawing is read. */
type Undrawn = Omit<Shown, "drawing">;

/** What is read for a view before it can be shown. */
interface Ready { x: Axis & { named: Named }; y: Axis & { named: Named }; colouring: Colouring }

export class App {
  private view: View;
  private model: Model | undefined;
  private names: Names | undefined;
  private own: OwnScore[] = [];
  private answer: Answer | undefined;
  private ready: Ready | undefined;
  private drawings: Promise<(string | undefined)[]> | undefined;
  private readonly chart: Chart;
  private readonly budgets: Budgets;
  private readonly picks: Picks;
  private readonly filters: Filters;
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly table: Table;
  private readonly facts: Facts;
  private changes = 0;

  constructor(table: Table, facts: Facts) {
    this.table = table;
    this.facts = facts;
    this.view = this.viewOf(location.hash);
    this.chart = new Chart({
      click: (index) => this.change({ network: this.nameOf(index) }),
      select: (selection) => this.change({ selection }),
      visit: (index) => this.announce(this.describe(index)),
      describe: (index) => this.describe(index),
    });
    this.budgets = new Budgets((key, limit, live) => this.limit(key, limit, live));
    this.filters = new Filters((place, chosen) => {
      const only = new Map(this.view.only);
      if (chosen === undefined) only.delete(place);
      else only.set(place, chosen);
      this.change({ only });
    });
    this.picks = new Picks({
      show: (index) => this.change({ network: this.nameOf(index) }),
      turn: (key) => this.setOwn(this.own.map((score) => (`own:${score.name}` === key ? { ...score, smaller: !score.smaller } : score))),
      remove: (key) => this.setOwn(this.own.filter((score) => `own:${score.name}` !== key)),
    });
  }

  /** Draws the first points, then reads the rest. */
  async start(): Promise<void> {
    await this.firstPoints();
    this.names = await Names.of(this.table);
    this.listen();
    showSources(this.table.schema);
    await this.open();
    listen(this.table, this.names, (dropped) => this.take(dropped));
    addEventListener("hashchange", () => this.follow());
    this.dark.addEventListener("change", () => void this.recolour());
    document.documentElement.dataset["ready"] = "yes";
    performance.mark("explorer-ready");
    await this.names.learn();
    // An address may call its networks by names that were learned only now.
    if (this.shown().length < [this.view.network, this.view.beside].filter((name) => name !== undefined).length) await this.refresh();
  }

  /** Two columns are enough for a first look. */
  private async firstPoints(): Promise<void> {
    const { schema } = this.table;
    const find = (key: string) => schema.columns.find((c) => baseName(c) === key && (c.dataset ?? this.view.dataset) === this.view.dataset);
    const [x, y] = [find(this.view.x), find(this.view.y)];
    if (x === undefined || y === undefined) return;
    const axis = async (info: typeof x, log: boolean | undefined): Promise<Axis> => ({ column: await this.table.column(info), label: label(info.unit, baseName(info)), log, whole: isWhole(info) });
    const count = this.table.networks;
    this.chart.show({
      x: await axis(x, this.view.log.x), y: await axis(y, this.view.log.y), colours: [], colourOf: new Int16Array(count).fill(-1),
      feasible: new Uint8Array(count).fill(1), zoom: this.view.zoom, selection: undefined, marks: [],
    });
    performance.mark("explorer-points");
    // Lets the browser paint before the rest is read.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }

  /** The view of an address; a data set that there is not is the usual one. */
  private viewOf(hash: string): View {
    const asked = new URLSearchParams(hash.replace(/^#/, "")).get("on");
    const view = fromHash(hash, this.defaults(asked));
    return datasets(this.table.schema).some((name) => name === view.dataset) ? view : { ...view, dataset: this.defaults(null).dataset };
  }

  private defaults(asked: string | null): View {
    const { schema } = this.table;
    const known = datasets(schema);
    const dataset = known.find((name) => name === asked) ?? this.facts.dataset ?? known[0];
    const accuracy = accuracyOn(schema, dataset);
    const costs = withRole(schema, "cost", dataset).map(baseName);
    const y = accuracy === undefined ? "" : baseName(accuracy);
    // A score of the network's own code is known of all networks; others may be known of a part.
    const scores = rankings(schema, dataset);
    const first = scores.find((info) => baseName(info) === "naswot") ?? scores[0];
    return {
      dataset: this.facts.dataset ?? known[0], y, x: costs.find((cost) => cost === "macs") ?? costs[0] ?? y,
      colour: first === undefined ? y : baseName(first), log: {}, limits: new Map(), only: new Map(),
      selection: undefined, zoom: undefined, network: undefined, beside: undefined,
    };
  }

  /** Reads the data set of the view and shows it. */
  private async open(): Promise<void> {
    const model = await Model.of(this.table, this.names as Names, this.view.dataset);
    model.setOwn(this.own);
    this.model = model;
    this.budgets.build(model.costs);
    this.filters.build(model.choices);
    this.fillSelects(model);
    this.answer = model.answer(this.view);
    this.picks.build(this.answer.picks);
    await this.prepare();
    this.show(true);
  }

  /** Follows the address, as when a link is opened in the same page. */
  private follow(): void {
    if (location.hash.slice(1) === this.hash()) return;
    const before = this.view.dataset;
    this.view = this.viewOf(location.hash);
    void (before === this.view.dataset ? this.refresh() : this.open());
  }

  private change(part: Partial<View>): void {
    const before = this.view;
    this.view = { ...before, ...part };
    void (before.dataset === this.view.dataset ? this.refresh() : this.open());
  }

  private async refresh(): Promise<void> {
    await this.prepare();
    this.show(true);
  }

  /** A slider moves: nothing is read, and what follows is shown at once. */
  private limit(key: string, limit: number | undefined, live: boolean): void {
    const limits = new Map(this.view.limits);
    if (limit === undefined) limits.delete(key);
    else limits.set(key, limit);
    this.view = { ...this.view, limits };
    this.show(!live);
  }

  /** Reads the columns that the view names; a name that there is not becomes the usual one. */
  private async prepare(): Promise<void> {
    const model = this.model as Model;
    this.changes += 1;
    const change = this.changes;
    const usual = this.defaults(this.view.dataset ?? null);
    const named = async (key: string, otherwise: string) => (await model.named(key)) ?? (await model.named(otherwise)) ?? model.accuracy;
    const [x, y] = [await named(this.view.x, usual.x), await named(this.view.y, usual.y)];
    const place = this.view.colour.startsWith(CHOICE) ? this.view.colour.slice(CHOICE.length) : undefined;
    const choice = model.choices.find((choice) => choice.place === place);
    const colour = choice === undefined ? await named(this.view.colour, usual.colour) : undefined;
    // Somebody changed more while this was read.
    if (change !== this.changes) return;
    this.view = { ...this.view, x: x.key, y: y.key, colour: choice === undefined ? (colour as Named).key : this.view.colour };
    const axis = (named: Named, log: boolean | undefined, before: Ready["x"] | undefined): Ready["x"] =>
      (before?.named.column === named.column && before.log === log ? before : { named, column: named.column, label: label(named.info.unit, named.key), log, whole: isWhole(named.info) });
    this.ready = {
      x: axis(x, this.view.log.x, this.ready?.x),
      y: axis(y, this.view.log.y, this.ready?.y),
      colouring: choice === undefined ? byNumber(colour as Named, this.dark.matches) : byChoice(choice, this.dark.matches),
    };
  }

  private async recolour(): Promise<void> {
    await this.prepare();
    this.show(false);
  }

  /** Shows the view; `settled` where nobody's hand is on a slider. */
  private show(settled: boolean): void {
    const { model, ready, view } = this;
    if (model === undefined || ready === undefined) return;
    const started = performance.now();
    const answer = model.answer(view);
    performance.measure("explorer-picks", { start: started, end: performance.now() });
    this.answer = answer;
    this.picks.show(answer, settled);
    this.budgets.show(view.limits);
    this.budgets.tell(answer.count, model.accuracy.column.presentIndices().length, answer.unknown);
    const shown = this.shown();
    const scene: Scene = {
      x: ready.x, y: ready.y, colours: ready.colouring.colours, colourOf: ready.colouring.colourOf,
      feasible: answer.feasible, zoom: view.zoom, selection: view.selection, marks: this.marks(answer, shown),
    };
    this.chart.show(scene);
    performance.measure("explorer-answer", { start: started, end: performance.now() });
    if (settled) this.settle(model, ready, answer, shown);
  }

  /** What need not follow a hand. */
  private settle(model: Model, ready: Ready, answer: Answer, shown: Undrawn[]): void {
    const { view } = this;
    showLegend(ready.colouring);
    this.filters.show(view.only);
    const indices = meant(answer.feasible, view.selection, ready.x.column, ready.y.column);
    showList(model, indices, view.selection !== undefined, ready.x.named, (index) => this.change({ network: this.nameOf(index) }));
    void this.showNetworks(model, shown);
    this.showSelects();
    const outside = this.chart.outside;
    setText(byId("outside"), outside === 0 ? "" : `${grouped(outside)} networks lie outside the view or have no value here.`);
    byId("zoom-in").hidden = view.selection === undefined;
    byId("zoom-out").hidden = view.zoom === "all" || (view.zoom === undefined && outside === 0);
    byId("clear-box").hidden = view.selection === undefined;
    byId("keep").hidden = shown.length !== 1;
    byId("part").hidden = view.beside === undefined;
    const best = answer.oracle;
    byId("chart").setAttribute("aria-label", `Scatter of ${ready.y.named.key} against ${ready.x.named.key}, coloured by ${view.colour.replace(/^own:|^choice:/, "")}. Arrow keys walk from network to network, Enter shows one, Escape lifts the box.`);
    this.announce(best === undefined ? "No network is within the budgets."
      : `${grouped(answer.count)} networks within the budgets. The best has ${percent(best.accuracy)} percent.`);
    history.replaceState(null, "", `#${this.hash()}`);
  }

  private hash(): string {
    return toHash(this.view, this.defaults(this.view.dataset ?? null));
  }

  private shown(): Undrawn[] {
    const names = this.names as Names;
    return [this.view.network, this.view.beside].flatMap((name) => {
      const index = name === undefined ? undefined : names.find(name);
      return index === undefined ? [] : [{ index, name: names.shown[index] }];
    });
  }

  private marks(answer: Answer, shown: Undrawn[]): Scene["marks"] {
    const picks = new Map<number, string[]>();
    for (const { ranked, pick } of answer.picks) {
      if (pick !== undefined) picks.set(pick.index, [...(picks.get(pick.index) ?? []), ranked.key.replace(/^own:/, "")]);
    }
    const marks: Scene["marks"] = [...picks].map(([index, by]) => ({ index, kind: "pick", title: `picked by ${by.join(", ")}` }));
    shown.forEach(({ index, name }, at) => marks.push({ index, kind: at === 0 ? "network" : "beside", title: name }));
    if (answer.oracle !== undefined) marks.push({ index: answer.oracle.index, kind: "oracle", title: "the best network" });
    return marks;
  }

  private async showNetworks(model: Model, shown: Undrawn[]): Promise<void> {
    const infos = shown.length === 0 ? [] : model.columns();
    const table = await Promise.all(infos.map(async (info) => ({ key: baseName(info), info, column: await this.table.column(info) })));
    const hasDrawing = shown.length > 0 && this.table.has(`${PAGE}drawing`);
    this.drawings ??= hasDrawing ? this.table.textsOfNetworks(`${PAGE}drawing`) : undefined;
    const drawings = await this.drawings;
    // Somebody asked for others while this was read.
    if (String(this.shown().map(({ index }) => index)) !== String(shown.map(({ index }) => index))) return;
    const own = model.ranked.filter((ranked) => ranked.own);
    const drawn = shown.map((network) => ({ ...network, drawing: drawings?.[network.index] }));
    showNetworks(model, drawn, [...own, ...table], this.facts.sides[model.dataset ?? ""] ?? 32);
  }

  private setOwn(own: OwnScore[]): void {
    const model = this.model as Model;
    this.own = own;
    model.setOwn(own);
    this.fillSelects(model);
    this.answer = model.answer(this.view);
    this.picks.build(this.answer.picks);
    setText(byId("pool"), poolWords(model));
    void this.refresh();
  }

  private take({ file, joined }: Dropped): void {
    const names = new Set(joined.columns.map(({ name }) => name));
    const others = this.own.filter((score) => !names.has(score.name));
    this.setOwn([...joined.columns.map(({ name, column }) => ({ name, file, smaller: false, column })), ...others]);
  }

  private fillSelects(model: Model): void {
    const numbers = model.columns().map((info) => option(baseName(info), baseName(info)));
    const own = model.ranked.filter((ranked) => ranked.own).map(({ key, info }) => option(key, `${info.name} (yours)`));
    const choices = model.choices.map(({ place }) => option(`${CHOICE}${place}`, place));
    const copies = (options: HTMLOptionElement[]) => options.map((o) => o.cloneNode(true));
    byId("x").replaceChildren(...copies([...own, ...numbers]));
    byId("y").replaceChildren(...copies([...own, ...numbers]));
    byId("colour").replaceChildren(...copies([...own, ...numbers, ...choices]));
    setText(byId("pool"), poolWords(model));
  }

  private showSelects(): void {
    for (const id of ["x", "y", "colour"] as const) byId<HTMLSelectElement>(id).value = this.view[id];
    byId<HTMLSelectElement>("dataset").value = this.view.dataset ?? "";
    for (const axis of ["x", "y"] as const) byId<HTMLSelectElement>(`scale-${axis}`).value = { true: "log", false: "linear", undefined: "auto" }[`${this.view.log[axis]}`] ?? "auto";
  }

  /** Hears every control that is not a part of its own. */
  private listen(): void {
    const known = datasets(this.table.schema);
    byId("dataset").replaceChildren(...known.map((name) => option(name, name)));
    byId("dataset-line").hidden = known.length < 2;
    const onSelect = (id: string, change: (value: string) => Partial<View>) =>
      byId<HTMLSelectElement>(id).addEventListener("change", (event) => this.change(change((event.target as HTMLSelectElement).value)));
    onSelect("dataset", (dataset) => ({ dataset, limits: new Map(), selection: undefined, zoom: undefined }));
    onSelect("x", (x) => ({ x, selection: undefined, zoom: undefined }));
    onSelect("y", (y) => ({ y, selection: undefined, zoom: undefined }));
    onSelect("colour", (colour) => ({ colour }));
    for (const axis of ["x", "y"] as const) {
      onSelect(`scale-${axis}`, (value) => {
        const { [axis]: _, ...others } = this.view.log;
        return { log: value === "auto" ? others : { ...others, [axis]: value === "log" } };
      });
    }
    const onClick = (id: string, act: () => void) => byId(id).addEventListener("click", act);
    onClick("no-limits", () => this.change({ limits: new Map() }));
    onClick("all-choices", () => this.change({ only: new Map() }));
    onClick("zoom-in", () => this.change({ zoom: this.view.selection, selection: undefined }));
    onClick("zoom-out", () => this.change({ zoom: "all" }));
    onClick("clear-box", () => this.change({ selection: undefined }));
    onClick("keep", () => this.change({ beside: this.view.network }));
    onClick("part", () => this.change({ beside: undefined }));
    onClick("save", () => void this.save());
    onClick("copy", () => void this.copyLink());
    byId("find").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.findNetwork(byId<HTMLInputElement>("find-name").value);
    });
  }

  private async findNetwork(name: string): Promise<void> {
    await this.names?.learn();
    const index = this.names?.find(name);
    setText(byId("find-told"), index === undefined ? `No network of this table is called “${name.trim().slice(0, 60)}”.` : "");
    if (index !== undefined) this.change({ network: this.nameOf(index) });
  }

  private async save(): Promise<void> {
    const { model, ready, answer } = this;
    if (model === undefined || ready === undefined || answer === undefined) return;
    const indices = meant(answer.feasible, this.view.selection, ready.x.column, ready.y.column);
    const columns = await Promise.all(model.columns().map((info) => model.named(baseName(info))));
    const own = model.ranked.filter((ranked) => ranked.own);
    const name = [this.table.schema.name, model.dataset, "selection.csv"].filter((part) => part !== undefined).join("-");
    download(name.replaceAll(/[^\w.-]/g, "-"), csvOf(model, indices, [...own, ...columns.filter((c) => c !== undefined)]));
  }

  private async copyLink(): Promise<void> {
    const told = byId("copy-told");
    try {
      await navigator.clipboard.writeText(location.href);
      setText(told, "Copied.");
    } catch {
      setText(told, "The browser does not let the page copy; the address bar has the link.");
    }
  }

  private nameOf(index: number): string {
    return this.names?.shown[index] ?? "";
  }

  private describe(index: number): string {
    const { ready } = this;
    if (ready === undefined) return "";
    const part = ({ named }: Ready["x"]) => `${named.key.replace(/^own:/, "")} ${full(named.column.at(index))}`;
    return `${this.nameOf(index)}: ${part(ready.x)}, ${part(ready.y)}`;
  }

  private announce(text: string): void {
    setText(byId("told"), text);
  }
}

/** The largest networks are few, but nobody wants to lose them from sight. */
function isWhole({ role }: ColumnInfo): boolean {
  return role === "cost" || role === "latency" || role === "energy";
}

function label(unit: string, key: string): string {
  const name = key.replace(/^own:/, "");
  return unit === "-" || unit === "score" || unit === "count" || unit.toLowerCase() === name ? name : `${name}, ${unit}`;
}

function poolWords({ pool, table }: Model): string {
  return `mBR is taken on the ${grouped(pool.indices.length)} of ${grouped(table.networks)} networks for which every score here is known; picks are made among all that each score knows.`;
}

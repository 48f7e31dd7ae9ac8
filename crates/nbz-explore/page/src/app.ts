// What holds the page together: the view that a person has set, and every part that shows it.

import { copyLink, keepAddress } from "./address.ts";
import { type Axis, Chart, type Scene } from "./chart.ts";
import { type Colouring, byChoice, byNumber, showLegend } from "./colouring.ts";
import { Budgets } from "./budgets.ts";
import { CHOICE, fillControls, listenToControls, showControls } from "./controls.ts";
import { byId, setText } from "./dom.ts";
import { type Dropped, listen } from "./drop.ts";
import { Filters } from "./filters.ts";
import { Hands } from "./hands.ts";
import type { Facts } from "./main.ts";
import { describe, marksOf } from "./marks.ts";
import { type Answer, Model, type Named, type OwnScore } from "./model.ts";
import { Names } from "./names.ts";
import { type Shown, showNetworks } from "./network.ts";
import { Picks } from "./picks.ts";
import { grouped, percent } from "./quantity.ts";
import { OWN, PAGE, baseName } from "./schema.ts";
import { meant, save, showList } from "./selection.ts";
import { showSources } from "./sources.ts";
import { type View, toHash } from "./state.ts";
import type { Table } from "./table.ts";
import { isWhole, label, usualView, viewOf } from "./usual.ts";

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
  private readonly chart = new Chart();
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
    this.view = viewOf(table.schema, facts, location.hash);
    new Hands(this.chart, {
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
      turn: (key) => this.setOwn(this.own.map((score) => (`${OWN}${score.name}` === key ? { ...score, smaller: !score.smaller } : score))),
      remove: (key) => this.setOwn(this.own.filter((score) => `${OWN}${score.name}` !== key)),
    });
  }

  /** Draws the first points, then reads the rest. */
  async start(): Promise<void> {
    await this.firstPoints();
    this.names = await Names.of(this.table);
    listenToControls(this.table.schema, {
      change: (part) => this.change(part(this.view)),
      find: (name) => void this.findNetwork(name),
      save: () => {
        if (this.model !== undefined) void save(this.model, this.meant());
      },
      copy: () => void copyLink(),
    });
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
    const axis = async (info: typeof x, log: boolean | undefined): Promise<Axis> => ({ column: await this.table.column(info), label: label(info, baseName(info)), log, whole: isWhole(info) });
    const count = this.table.networks;
    this.chart.show({
      x: await axis(x, this.view.log.x), y: await axis(y, this.view.log.y), colours: [], colourOf: new Int16Array(count).fill(-1),
      feasible: new Uint8Array(count).fill(1), zoom: this.view.zoom, selection: undefined, marks: [],
    });
    performance.mark("explorer-points");
    // Lets the browser paint before the rest is read.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }

  /** Reads the data set of the view and shows it. */
  private async open(): Promise<void> {
    const model = await Model.of(this.table, this.names as Names, this.view.dataset);
    // Somebody chose yet another data set while this one was read.
    if (model.dataset !== this.view.dataset) return;
    model.setOwn(this.own);
    this.model = model;
    this.budgets.build(model.costs);
    this.filters.build(model.choices);
    fillControls(model);
    setText(byId("pool"), model.poolWords());
    this.answer = model.answer(this.view);
    this.picks.build(this.answer.picks);
    await this.prepare();
    this.show(true);
  }

  /** Follows the address, as when a link is opened in the same page. */
  private follow(): void {
    if (location.hash.slice(1) === this.hash()) return;
    const before = this.view.dataset;
    this.view = viewOf(this.table.schema, this.facts, location.hash);
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
    const usual = this.usual();
    const named = async (key: string, otherwise: string) => (await model.named(key)) ?? (await model.named(otherwise)) ?? model.accuracy;
    const [x, y] = [await named(this.view.x, usual.x), await named(this.view.y, usual.y)];
    const place = this.view.colour.startsWith(CHOICE) ? this.view.colour.slice(CHOICE.length) : undefined;
    const choice = model.choices.find((choice) => choice.place === place);
    const colour = choice === undefined ? await named(this.view.colour, usual.colour) : undefined;
    // Somebody changed more while this was read.
    if (change !== this.changes) return;
    this.view = { ...this.view, x: x.key, y: y.key, colour: choice === undefined ? (colour as Named).key : this.view.colour };
    const axis = (named: Named, log: boolean | undefined, before: Ready["x"] | undefined): Ready["x"] =>
      (before?.named.column === named.column && before.log === log ? before : { named, column: named.column, label: label(named.info, named.key), log, whole: isWhole(named.info) });
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
    this.budgets.tell(answer.count, model.trained, answer.unknown);
    const shown = this.shown();
    const scene: Scene = {
      x: ready.x, y: ready.y, colours: ready.colouring.colours, colourOf: ready.colouring.colourOf,
      feasible: answer.feasible, zoom: view.zoom, selection: view.selection, marks: marksOf(answer, shown),
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
    showList(model, this.meant(), view.selection !== undefined, ready.x.named, (index) => this.change({ network: this.nameOf(index) }));
    void this.showNetworks(model, shown);
    const outside = this.chart.outside;
    showControls(view, outside);
    setText(byId("outside"), outside === 0 ? "" : `${grouped(outside)} networks lie outside the view or have no value here.`);
    byId("keep").hidden = shown.length !== 1;
    byId("part").hidden = view.beside === undefined;
    const best = answer.oracle;
    byId("chart").setAttribute("aria-label", `Scatter of ${ready.y.named.key} against ${ready.x.named.key}, coloured by ${view.colour.replace(/^own:|^choice:/, "")}. Arrow keys walk from network to network, Enter shows one, Escape lifts the box.`);
    this.announce(best === undefined ? "No network is within the budgets."
      : `${grouped(answer.count)} networks within the budgets. The best has ${percent(best.accuracy)} percent.`);
    keepAddress(this.hash());
  }

  private usual(): View {
    return usualView(this.table.schema, this.facts, this.view.dataset);
  }

  private hash(): string {
    return toHash(this.view, this.usual());
  }

  private shown(): Undrawn[] {
    const names = this.names as Names;
    return [this.view.network, this.view.beside].flatMap((name) => {
      const index = name === undefined ? undefined : names.find(name);
      return index === undefined ? [] : [{ index, name: names.shown[index] }];
    });
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
    fillControls(model);
    setText(byId("pool"), model.poolWords());
    this.answer = model.answer(this.view);
    this.picks.build(this.answer.picks);
    void this.refresh();
  }

  private take({ file, joined }: Dropped): void {
    const names = new Set(joined.columns.map(({ name }) => name));
    const others = this.own.filter((score) => !names.has(score.name));
    this.setOwn([...joined.columns.map(({ name, column }) => ({ name, file, smaller: false, column })), ...others]);
  }

  private async findNetwork(name: string): Promise<void> {
    await this.names?.learn();
    const index = this.names?.find(name);
    setText(byId("find-told"), index === undefined ? `No network of this table is called “${name.trim().slice(0, 60)}”.` : "");
    if (index !== undefined) this.change({ network: this.nameOf(index) });
  }

  /** The networks within the limits, let through, and in the box. */
  private meant(): Uint32Array {
    const { answer, ready, view } = this;
    return answer === undefined || ready === undefined ? new Uint32Array()
      : meant(answer.feasible, view.selection, ready.x.column, ready.y.column);
  }

  private nameOf(index: number): string {
    return this.names?.shown[index] ?? "";
  }

  private describe(index: number): string {
    const { answer, ready } = this;
    return answer === undefined || ready === undefined ? ""
      : describe(index, this.nameOf(index), [ready.x.named, ready.y.named], answer);
  }

  private announce(text: string): void {
    setText(byId("told"), text);
  }
}

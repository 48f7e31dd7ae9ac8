// The scatter: points as pixels, axes and marks as SVG over them, and what a hand or a key does there.
//
// A click or Enter shows a network; a drag draws a box; arrows walk from point to point. The chart says what was done
// through callbacks and is told what to show.

import type { Rgb } from "./colours.ts";
import type { Column } from "./column.ts";
import { byId, setText, svg } from "./dom.ts";
import { short } from "./quantity.ts";
import { Raster, pack } from "./raster.ts";
import { type Scale, airy, pixel, ticks, valueAt, wantsLog } from "./scale.ts";
import type { Box, Range } from "./state.ts";

const EDGE = { left: 58, right: 14, top: 30, bottom: 34 };
/** Pixels within which a click finds a point. */
const NEAR = 14;
/** Pixels that a hand may tremble. */
const STILL = 5;

/** `whole` shows a thin tail of numbers, too. */
export interface Axis { column: Column; label: string; log: boolean | undefined; whole: boolean }

export interface Scene {
  x: Axis;
  y: Axis;
  colours: Rgb[];
  /** Index into `colours` of each network; -1 draws it grey. */
  colourOf: Int16Array;
  feasible: Uint8Array;
  zoom: Box | "all" | undefined;
  selection: Box | undefined;
  marks: { index: number; kind: "oracle" | "pick" | "network" | "beside"; title: string }[];
}

export interface Heard {
  click(index: number): void;
  select(box: Box | undefined): void;
  /** The keyboard stands on a point. */
  visit(index: number): void;
  describe(index: number): string;
}

export class Chart {
  /** Networks that have no place on the axes or stand outside the zoom. */
  outside = 0;
  private readonly box = byId("chart");
  private readonly canvas = byId<HTMLCanvasElement>("points");
  private readonly overlay = byId("overlay");
  private readonly tip = byId("tip");
  private raster = new Raster(1, 1);
  private scene: Scene | undefined;
  private scales: { x: Scale; y: Scale } | undefined;
  private px = new Float32Array(0);
  private py = new Float32Array(0);
  private drag: { from: [number, number]; to: [number, number]; pointer: number } | undefined;
  private cursor: number | undefined;
  private walk: { x: Uint32Array; y: Uint32Array } | undefined;
  private readonly heard: Heard;

  constructor(heard: Heard) {
    this.heard = heard;
    new ResizeObserver(() => this.redraw()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    this.box.addEventListener("pointerdown", (event) => this.down(event));
    this.box.addEventListener("pointermove", (event) => this.move(event));
    this.box.addEventListener("pointerup", (event) => this.up(event));
    this.box.addEventListener("pointercancel", () => this.drop());
    this.box.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => { this.cursor = undefined; this.drawMarks(); });
  }

  /** Shows a scene; one that only differs in which networks are feasible and in marks keeps its places. */
  show(scene: Scene): void {
    const before = this.scene;
    this.scene = scene;
    const moved = before === undefined || before.x !== scene.x || before.y !== scene.y || before.zoom !== scene.zoom;
    if (moved) this.place();
    this.walk = undefined;
    this.drawPoints();
    this.drawMarks();
  }

  private redraw(): void {
    if (this.scene === undefined) return;
    this.place();
    this.drawPoints();
    this.drawMarks();
  }

  /** Finds the place of every network on the axes. */
  private place(): void {
    const scene = this.scene as Scene;
    const [width, height] = [this.box.clientWidth, this.box.clientHeight];
    const dense = Math.min(devicePixelRatio || 1, 2);
    if (this.raster.width !== Math.round(width * dense) || this.raster.height !== Math.round(height * dense)) {
      this.canvas.width = Math.max(Math.round(width * dense), 1);
      this.canvas.height = Math.max(Math.round(height * dense), 1);
      this.raster = new Raster(this.canvas.width, this.canvas.height);
    }
    const scale = ({ column, log, whole }: Axis, axis: "x" | "y", range: Range): Scale => {
      const span = column.span() ?? [0, 1];
      const zoom = typeof scene.zoom === "object" ? scene.zoom[axis] : undefined;
      const isLog = (log ?? wantsLog(span)) && span[0] > 0 && (zoom === undefined || zoom[0] > 0);
      const usual = scene.zoom === "all" || isLog || whole ? span : (column.core() ?? span);
      return { log: isLog, domain: zoom ?? airy(usual, isLog), range };
    };
    const x = scale(scene.x, "x", [EDGE.left, width - EDGE.right]);
    const y = scale(scene.y, "y", [height - EDGE.bottom, EDGE.top]);
    this.scales = { x, y };
    const count = scene.feasible.length;
    this.px = new Float32Array(count).fill(NaN);
    this.py = new Float32Array(count).fill(NaN);
    this.outside = 0;
    for (let index = 0; index < count; index += 1) {
      const at = pixel(x, scene.x.column.at(index) ?? NaN);
      const up = pixel(y, scene.y.column.at(index) ?? NaN);
      const seen = at >= x.range[0] && at <= x.range[1] && up <= y.range[0] && up >= y.range[1];
      if (seen) {
        this.px[index] = at;
        this.py[index] = up;
      } else {
        this.outside += 1;
      }
    }
  }

  private drawPoints(): void {
    const { scene, scales, raster } = this;
    const context = this.canvas.getContext("2d");
    if (scene === undefined || scales === undefined || context === null) return;
    const theme = getComputedStyle(this.box);
    const [paper, line, faint] = ["--paper", "--grid", "--faint"].map((name) => rgb(theme.getPropertyValue(name)));
    const dense = raster.width / Math.max(this.box.clientWidth, 1);
    raster.clear(paper);
    for (const tick of this.ticksOf("x")) raster.line(pixel(scales.x, tick) * dense, "y", line, EDGE.top * dense, scales.y.range[0] * dense);
    for (const tick of this.ticksOf("y")) raster.line(pixel(scales.y, tick) * dense, "x", line, EDGE.left * dense, scales.x.range[1] * dense);
    const packed = scene.colours.map(pack);
    const grey = pack(faint);
    const inBox = this.within(scene.selection);
    raster.setRadius((scene.feasible.length > 5000 ? 1.9 : 2.6) * dense);
    for (const front of [0, 1]) {
      for (let index = 0; index < this.px.length; index += 1) {
        const alive = scene.feasible[index] === 1 && inBox(index) ? 1 : 0;
        if (alive !== front || Number.isNaN(this.px[index])) continue;
        const colour = scene.colourOf[index];
        const strength = front === 1 ? 0.9 : 0.5;
        raster.disc(this.px[index] * dense, this.py[index] * dense, front === 1 && colour >= 0 ? packed[colour] : grey, strength);
      }
    }
    raster.show(context);
  }

  private ticksOf(axis: "x" | "y"): number[] {
    const scale = this.scales?.[axis] as Scale;
    return ticks(scale, Math.max(2, Math.floor(Math.abs(scale.range[1] - scale.range[0]) / (axis === "x" ? 90 : 55))));
  }

  /** Whether a network stands in a box. */
  private within(box: Box | undefined): (index: number) => boolean {
    if (box === undefined) return () => true;
    const { x, y } = this.scene as Scene;
    return (index) => inRange(x.column.values[index], box.x) && inRange(y.column.values[index], box.y);
  }

  private drawMarks(): void {
    const { scene, scales } = this;
    if (scene === undefined || scales === undefined) return;
    const parts: SVGElement[] = [];
    const text = (x: number, y: number, words: string, anchor: string, kind = "tick") =>
      svg("text", { x, y, class: kind, "text-anchor": anchor }, words);
    const [left, right] = scales.x.range;
    const [bottom] = scales.y.range;
    for (const tick of this.ticksOf("x")) parts.push(text(pixel(scales.x, tick), bottom + 15, short(tick), "middle"));
    for (const tick of this.ticksOf("y")) parts.push(text(left - 6, pixel(scales.y, tick) + 4, short(tick), "end"));
    parts.push(text(right, bottom + 30, scene.x.label + (scales.x.log ? ", logarithmic" : ""), "end", "label"));
    parts.push(text(2, 13, scene.y.label + (scales.y.log ? ", logarithmic" : ""), "start", "label"));
    for (const { index, kind, title } of scene.marks) {
      const [x, y] = [this.px[index], this.py[index]];
      if (Number.isNaN(x)) continue;
      parts.push(svg("g", { class: `mark ${kind}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, svg("title", {}, title), markOf(kind)));
    }
    if (this.cursor !== undefined && !Number.isNaN(this.px[this.cursor])) {
      parts.push(svg("circle", { cx: this.px[this.cursor], cy: this.py[this.cursor], r: 9, class: "cursor" }));
    }
    const box = this.drag === undefined ? this.pixels(scene.selection) : corners(this.drag.from, this.drag.to);
    if (box !== undefined) {
      const [x0, y0, x1, y1] = box;
      parts.push(svg("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: "box" }));
    }
    this.overlay.replaceChildren(...parts);
  }

  private pixels(box: Box | undefined): [number, number, number, number] | undefined {
    const { scales } = this;
    if (box === undefined || scales === undefined) return undefined;
    const clamp = (at: number, [a, b]: Range) => Math.min(Math.max(at, Math.min(a, b)), Math.max(a, b));
    const x = box.x.map((value) => clamp(orEnd(pixel(scales.x, value), scales.x.range[0]), scales.x.range)) as Range;
    const y = box.y.map((value) => clamp(orEnd(pixel(scales.y, value), scales.y.range[0]), scales.y.range)) as Range;
    return corners([x[0], y[0]], [x[1], y[1]]);
  }

  /** The nearest point that is alive, or any. */
  private nearest(x: number, y: number): number | undefined {
    const scene = this.scene as Scene;
    let [found, least] = [-1, NEAR * NEAR];
    for (let index = 0; index < this.px.length; index += 1) {
      const far = (this.px[index] - x) ** 2 + (this.py[index] - y) ** 2;
      // Greyed points are found too, but those that count come first.
      const distance = scene.feasible[index] === 1 ? far : far + 9;
      if (distance < least) [found, least] = [index, distance];
    }
    return found === -1 ? undefined : found;
  }

  private at(event: PointerEvent): [number, number] {
    const { left, top } = this.box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.scene === undefined) return;
    const from = this.at(event);
    this.drag = { from, to: from, pointer: event.pointerId };
    this.box.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    if (this.scene === undefined) return;
    const to = this.at(event);
    if (this.drag !== undefined && this.drag.pointer === event.pointerId) {
      this.drag.to = to;
      this.tip.hidden = true;
      this.drawMarks();
    } else if (event.pointerType === "mouse") {
      const index = this.nearest(...to);
      this.tip.hidden = index === undefined;
      if (index !== undefined) {
        setText(this.tip, this.heard.describe(index));
        const right = to[0] > this.box.clientWidth / 2;
        this.tip.style.left = right ? "auto" : `${to[0] + 14}px`;
        this.tip.style.right = right ? `${this.box.clientWidth - to[0] + 14}px` : "auto";
        this.tip.style.top = `${Math.max(to[1] - 10, 0)}px`;
      }
    }
  }

  private up(event: PointerEvent): void {
    const { drag, scales } = this;
    if (drag === undefined || scales === undefined || drag.pointer !== event.pointerId) return;
    this.drag = undefined;
    const to = this.at(event);
    if (Math.hypot(to[0] - drag.from[0], to[1] - drag.from[1]) < STILL) {
      const index = this.nearest(...to);
      if (index !== undefined) this.heard.click(index);
      else this.heard.select(undefined);
      return;
    }
    const [x0, y0, x1, y1] = corners(drag.from, to);
    const x: Range = [valueAt(scales.x, x0), valueAt(scales.x, x1)];
    const y: Range = [valueAt(scales.y, y1), valueAt(scales.y, y0)];
    const sound = x[0] < x[1] && y[0] < y[1];
    this.heard.select(sound ? { x, y } : undefined);
  }

  private drop(): void {
    this.drag = undefined;
    this.drawMarks();
  }

  /** Left and right walk along x, up and down along y; Page Up and Page Down a hundred points. */
  private key(event: KeyboardEvent): void {
    const steps: Record<string, ["x" | "y", number]> = {
      ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1],
      PageDown: ["y", -100], PageUp: ["y", 100], Home: ["y", -Infinity], End: ["y", Infinity],
    };
    if (event.key === "Escape") return this.heard.select(undefined);
    if (event.key === "Enter" && this.cursor !== undefined) return this.heard.click(this.cursor);
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const order = this.walkOrder()[step[0]];
    if (order.length === 0) return;
    const now = this.cursor === undefined ? -1 : order.indexOf(this.cursor);
    const next = now === -1 ? order.length - 1 : Math.min(Math.max(now + step[1], 0), order.length - 1);
    this.cursor = order[next];
    this.drawMarks();
    this.heard.visit(this.cursor);
  }

  /** The points that are alive, along either axis. */
  private walkOrder(): { x: Uint32Array; y: Uint32Array } {
    if (this.walk === undefined) {
      const { feasible, selection, x, y } = this.scene as Scene;
      const inBox = this.within(selection);
      const alive = Uint32Array.from(feasible.keys()).filter((i) => feasible[i] === 1 && inBox(i) && !Number.isNaN(this.px[i]));
      const along = ({ column }: Axis) => alive.slice().sort((a, b) => column.values[a] - column.values[b] || a - b);
      this.walk = { x: along(x), y: along(y) };
    }
    return this.walk;
  }
}

/** Whether a number is in a range, ends included. */
export function inRange(value: number, [low, high]: Range): boolean {
  return value >= low && value <= high;
}

function corners([ax, ay]: [number, number], [bx, by]: [number, number]): [number, number, number, number] {
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

function orEnd(at: number, end: number): number {
  return Number.isNaN(at) ? end : at;
}

function markOf(kind: Scene["marks"][number]["kind"]): SVGElement {
  if (kind === "oracle") return svg("path", { d: "M0-10 2.6-3.4 9.5-3.1 4.1 1.2 5.9 8-0 4.1-5.9 8-4.1 1.2-9.5-3.1-2.6-3.4Z" });
  if (kind === "pick") return svg("circle", { r: 5.5 });
  return svg("circle", { r: kind === "network" ? 10 : 12 });
}

/** `#rrggbb` as numbers. */
function rgb(text: string): Rgb {
  const number = Number.parseInt(text.trim().slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}


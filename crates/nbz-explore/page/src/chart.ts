// The scatter: points as pixels, axes and marks as SVG over them. What hands and keys do there is the matter of hands.ts.

import type { Rgb } from "./colours.ts";
import type { Column } from "./column.ts";
import { byId, svg } from "./dom.ts";
import { short } from "./quantity.ts";
import { Raster, pack } from "./raster.ts";
import { type Scale, airy, pixel, ticks, valueAt, wantsLog } from "./scale.ts";
import type { Box, Range } from "./state.ts";

const EDGE = { left: 58, right: 14, top: 30, bottom: 34 };
/** Pixels within which a click finds a point. */
const NEAR = 14;

/** Pixels from the chart's left upper corner. */
export type Place = [number, number];
/** Left, top, right, bottom. */
type Rect = [number, number, number, number];

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

export class Chart {
  /** Networks that have no place on the axes or stand outside the zoom. */
  outside = 0;
  private readonly box = byId("chart");
  private readonly canvas = byId<HTMLCanvasElement>("points");
  private readonly overlay = byId("overlay");
  private raster = new Raster(1, 1);
  private scene: Scene | undefined;
  private scales: { x: Scale; y: Scale } | undefined;
  private px = new Float32Array(0);
  private py = new Float32Array(0);
  private drag: Rect | undefined;
  private cursor: number | undefined;
  private walk: Record<"x" | "y", Uint32Array> | undefined;

  constructor() {
    new ResizeObserver(() => this.redraw()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
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
      const positive = column.positive();
      const wants = log ?? (positive !== undefined && wantsLog(positive.span, positive.share));
      const isLog = wants && positive !== undefined && (zoom === undefined || zoom[0] > 0);
      const usual = isLog ? positive.span : scene.zoom === "all" || whole ? span : (column.core() ?? span);
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
    const box = this.drag ?? this.pixels(scene.selection);
    if (box !== undefined) {
      const [x0, y0, x1, y1] = box;
      parts.push(svg("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: "box" }));
    }
    this.overlay.replaceChildren(...parts);
  }

  private pixels(box: Box | undefined): Rect | undefined {
    const { scales } = this;
    if (box === undefined || scales === undefined) return undefined;
    const clamp = (at: number, [a, b]: Range) => Math.min(Math.max(at, Math.min(a, b)), Math.max(a, b));
    const x = box.x.map((value) => clamp(orEnd(pixel(scales.x, value), scales.x.range[0]), scales.x.range)) as Range;
    const y = box.y.map((value) => clamp(orEnd(pixel(scales.y, value), scales.y.range[0]), scales.y.range)) as Range;
    return corners([x[0], y[0]], [x[1], y[1]]);
  }

  /** The network nearest to a place, if one is near. */
  nearest(x: number, y: number): number | undefined {
    if (this.scene === undefined) return undefined;
    let [found, least] = [-1, NEAR * NEAR];
    for (let index = 0; index < this.px.length; index += 1) {
      const far = (this.px[index] - x) ** 2 + (this.py[index] - y) ** 2;
      // Greyed points are found too, but those that count come first.
      const distance = this.scene.feasible[index] === 1 ? far : far + 9;
      if (distance < least) [found, least] = [index, distance];
    }
    return found === -1 ? undefined : found;
  }

  /** The numbers between two places; undefined where they enclose none. */
  boxOf(from: Place, to: Place): Box | undefined {
    if (this.scales === undefined) return undefined;
    const { x, y } = this.scales;
    const [x0, y0, x1, y1] = corners(from, to);
    const box: Box = { x: [valueAt(x, x0), valueAt(x, x1)], y: [valueAt(y, y1), valueAt(y, y0)] };
    return box.x[0] < box.x[1] && box.y[0] < box.y[1] ? box : undefined;
  }

  /** Shows the box that a hand draws, until it is `undefined`. */
  setDrag(from?: Place, to?: Place): void {
    this.drag = from === undefined || to === undefined ? undefined : corners(from, to);
    this.drawMarks();
  }

  /** Shows where the keyboard stands. */
  setCursor(index: number | undefined): void {
    this.cursor = index;
    this.drawMarks();
  }

  /** The networks that are feasible, in the box and seen, along an axis. */
  along(axis: "x" | "y"): Uint32Array {
    if (this.walk === undefined) {
      if (this.scene === undefined) return new Uint32Array();
      const { feasible, selection, x, y } = this.scene;
      const inBox = this.within(selection);
      const alive = Uint32Array.from(feasible.keys()).filter((i) => feasible[i] === 1 && inBox(i) && !Number.isNaN(this.px[i]));
      const sorted = ({ column }: Axis) => alive.slice().sort((a, b) => column.values[a] - column.values[b] || a - b);
      this.walk = { x: sorted(x), y: sorted(y) };
    }
    return this.walk[axis];
  }
}

/** Whether a number is in a range, ends included. */
export function inRange(value: number, [low, high]: Range): boolean {
  return value >= low && value <= high;
}

function corners([ax, ay]: Place, [bx, by]: Place): Rect {
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


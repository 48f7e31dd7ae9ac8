// What a hand or a key does on the scatter: a click or Enter shows a network, a drag draws a box, arrows walk from network to
// network, Escape lifts the box.

import type { Chart, Place } from "./chart.ts";
import { byId, setText } from "./dom.ts";
import type { Box } from "./state.ts";

/** Pixels that a hand may tremble. */
const STILL = 5;

export interface Heard {
  click(index: number): void;
  select(box: Box | undefined): void;
  /** The keyboard stands on a network. */
  visit(index: number): void;
  describe(index: number): string;
}

/** Along which axis a key walks, and how far. */
const STEPS: Record<string, ["x" | "y", number]> = {
  ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1],
  PageDown: ["y", -100], PageUp: ["y", 100], Home: ["y", -Infinity], End: ["y", Infinity],
};

export class Hands {
  private readonly box = byId("chart");
  private readonly tip = byId("tip");
  private drag: { from: Place; pointer: number } | undefined;
  private cursor: number | undefined;
  private readonly chart: Chart;
  private readonly heard: Heard;

  constructor(chart: Chart, heard: Heard) {
    this.chart = chart;
    this.heard = heard;
    this.box.addEventListener("pointerdown", (event) => this.down(event));
    this.box.addEventListener("pointermove", (event) => this.move(event));
    this.box.addEventListener("pointerup", (event) => this.up(event));
    this.box.addEventListener("pointercancel", () => this.drop());
    this.box.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.stand(undefined));
  }

  private at(event: PointerEvent): Place {
    const { left, top } = this.box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.drag = { from: this.at(event), pointer: event.pointerId };
    this.box.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const to = this.at(event);
    if (this.drag?.pointer === event.pointerId) {
      this.tip.hidden = true;
      this.chart.setDrag(this.drag.from, to);
    } else if (event.pointerType === "mouse") {
      this.hover(to);
    }
  }

  /** Names the network under the mouse, on the side where there is room. */
  private hover(to: Place): void {
    const index = this.chart.nearest(...to);
    this.tip.hidden = index === undefined;
    if (index === undefined) return;
    setText(this.tip, this.heard.describe(index));
    const width = this.box.clientWidth;
    const isRight = to[0] > width / 2;
    this.tip.style.left = isRight ? "auto" : `${to[0] + 14}px`;
    this.tip.style.right = isRight ? `${width - to[0] + 14}px` : "auto";
    this.tip.style.top = `${Math.max(to[1] - 10, 0)}px`;
  }

  private up(event: PointerEvent): void {
    const from = this.drag?.from;
    if (from === undefined || this.drag?.pointer !== event.pointerId) return;
    this.drop();
    const to = this.at(event);
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) >= STILL) return this.heard.select(this.chart.boxOf(from, to));
    const index = this.chart.nearest(...to);
    if (index === undefined) this.heard.select(undefined);
    else this.heard.click(index);
  }

  private drop(): void {
    this.drag = undefined;
    this.chart.setDrag();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") return this.heard.select(undefined);
    if (event.key === "Enter" && this.cursor !== undefined) return this.heard.click(this.cursor);
    const [axis, step] = STEPS[event.key] ?? [];
    if (axis === undefined || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const order = this.chart.along(axis);
    if (order.length === 0) return;
    const now = this.cursor === undefined ? -1 : order.indexOf(this.cursor);
    const next = now === -1 ? order.length - 1 : Math.min(Math.max(now + step, 0), order.length - 1);
    this.stand(order[next]);
    this.heard.visit(order[next]);
  }

  private stand(index: number | undefined): void {
    this.cursor = index;
    this.chart.setCursor(index);
  }
}

// Networks as pictures: length is depth, thickness is width, dashed lines mark where the resolution falls, in the manner of
// the paper's Fig. 8 and of `nbzero show` (nbz-space, drawing); a cell as a graph of its operations.

import { svg } from "./dom.ts";

interface Segment { part: "s" | "b" | "h"; layers: number; blocks: number; width: number; side: number }

const PARTS = { s: "stem", b: "blocks", h: "head" };
const HEIGHT = 76;
const TOP = 6;

/** `s.1.1.16.32;b.5.1.16.32` as segments; drawings are for images of 32 pixels. */
export function segmentsOf(text: string, side: number): Segment[] {
  if (text === "") return [];
  return text.split(";").map((segment) => {
    const [part, layers, blocks, width, drawn] = segment.split(".");
    return { part: (part ?? "b") as Segment["part"], layers: Number(layers), blocks: Number(blocks), width: Number(width), side: (Number(drawn) * side) / 32 };
  });
}

export function drawing(text: string, name: string, side: number): SVGElement {
  const segments = segmentsOf(text, side);
  const layers = segments.reduce((sum, segment) => sum + segment.layers, 0);
  const layer = Math.max(4, Math.min(14, 380 / Math.max(layers, 1)));
  // The last label may be longer than its segment.
  const width = Math.max(layers * layer + 34, 200);
  const widest = Math.max(...segments.filter(({ part }) => part !== "h").map((segment) => segment.width), 1);
  const words = segments.map((s) => `${PARTS[s.part]} ${s.width} wide, ${s.layers} deep at ${s.side} pixels`).join("; ");
  const shapes: SVGElement[] = [svg("title", {}, `${name}: ${words || "no path from input to output"}`)];
  // Above everything else, so that no line goes through them.
  const labels: SVGElement[] = [];
  let [x, resolution, freeAbove, freeBelow] = [10, 0, 0, 0];
  for (const segment of segments) {
    if (segment.side !== resolution) {
      if (resolution !== 0) shapes.push(svg("line", { x1: x - 0.5, x2: x - 0.5, y1: TOP, y2: TOP + HEIGHT + 30, class: "falls" }));
      if (x >= freeBelow) labels.push(svg("text", { x: x + 2, y: TOP + HEIGHT + 28 }, `${segment.side} px`));
      if (x >= freeBelow) freeBelow = x + 40;
      resolution = segment.side;
    }
    const height = Math.max(Math.min(segment.width / widest, 1) * HEIGHT, 2);
    const step = (segment.layers * layer) / segment.blocks;
    for (let block = 0; block < segment.blocks; block += 1) {
      shapes.push(svg("rect", { x: x + block * step, y: TOP + (HEIGHT - height) / 2, width: Math.max(step - 1, 1), height, class: PARTS[segment.part] }));
    }
    if (x >= freeAbove) {
      labels.push(svg("text", { x: x + 2, y: TOP + HEIGHT + 14 }, String(segment.width)));
      freeAbove = x + 26;
    }
    x += segment.layers * layer;
  }
  if (segments.length === 0) shapes.push(svg("text", { x: 10, y: 40 }, "no path leads from input to output"));
  return svg("svg", { viewBox: `0 0 ${width.toFixed(0)} ${TOP + HEIGHT + 34}`, class: "drawing", role: "img", style: `max-width:${(width * 1.25).toFixed(0)}px` }, ...shapes, ...labels);
}

/** Where the four nodes of a cell stand. */
const NODES = [[24, 62], [128, 106], [232, 18], [336, 62]] as const;
/** How an operation is drawn. */
const OPERATIONS: Record<string, string> = { none: "none", skip_connect: "skip", avg_pool_3x3: "pool", nor_conv_1x1: "conv1", nor_conv_3x3: "conv3" };

/** A cell of four nodes with an operation on each edge `edge i-j`. */
export function cell(edges: { place: string; option: string }[]): SVGElement {
  const shapes: SVGElement[] = [svg("title", {}, `its cell: ${edges.map(({ place, option }) => `${place.slice(5)} ${option}`).join(", ")}`)];
  for (const { place, option } of edges) {
    const [from, to] = place.slice(5).split("-").map(Number);
    const [a, b] = [NODES[from ?? 0], NODES[to ?? 0]];
    if (a === undefined || b === undefined) continue;
    // The longest edge, 0-3, would lie on a straight line through nothing; the others part ways by themselves.
    const kind = OPERATIONS[option] ?? "conv3";
    shapes.push(svg("path", { d: `M${a[0]} ${a[1]}L${b[0]} ${b[1]}`, class: `edge ${kind}` }));
    const share = place === "edge 0-3" ? 0.36 : place === "edge 1-2" ? 0.72 : 0.5;
    if (kind !== "none") {
      shapes.push(svg("text", { x: a[0] + share * (b[0] - a[0]), y: a[1] + share * (b[1] - a[1]) - 4, "text-anchor": "middle", class: "halo" }, short(option)));
    }
  }
  NODES.forEach(([x, y], node) => {
    shapes.push(svg("circle", { cx: x, cy: y, r: 10, class: "node" }), svg("text", { x, y: y + 4, "text-anchor": "middle", class: "in" }, String(node)));
  });
  return svg("svg", { viewBox: "0 0 360 124", class: "drawing cell", role: "img", style: "max-width:400px" }, ...shapes);
}

function short(option: string): string {
  return option.replace("nor_conv_", "conv ").replace("avg_pool_3x3", "pool").replace("skip_connect", "skip");
}

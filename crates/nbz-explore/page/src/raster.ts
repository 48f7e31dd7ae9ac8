// Thousands of points as pixels: discs written straight into an image, which takes a few milliseconds where drawing each
// as a path takes a hundred, and is the same with and without a graphics card.

import type { Rgb } from "./colours.ts";

/** A disc's pixels with the share of each that it covers. */
interface Stamp { dx: Int16Array; dy: Int16Array; cover: Float32Array }

function stampOf(radius: number): Stamp {
  const [dx, dy, cover]: [number[], number[], number[]] = [[], [], []];
  const reach = Math.ceil(radius);
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const inside = Math.min(Math.max(radius + 0.5 - Math.hypot(x, y), 0), 1);
      if (inside > 0.02) {
        dx.push(x);
        dy.push(y);
        cover.push(inside);
      }
    }
  }
  return { dx: Int16Array.from(dx), dy: Int16Array.from(dy), cover: Float32Array.from(cover) };
}

export class Raster {
  private image: ImageData;
  private pixels: Uint32Array;
  private stamp: Stamp = stampOf(2);
  private radius = 2;

  constructor(width: number, height: number) {
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  get width(): number { return this.image.width; }
  get height(): number { return this.image.height; }

  clear(paper: Rgb): void {
    this.pixels.fill(pack(paper));
  }

  setRadius(radius: number): void {
    if (radius !== this.radius) this.stamp = stampOf(radius);
    this.radius = radius;
  }

  /** A straight line of one pixel's width across the whole image. */
  line(at: number, across: "x" | "y", colour: Rgb, from: number, to: number): void {
    const place = Math.round(at);
    const packed = pack(colour);
    if (across === "x") this.pixels.fill(packed, place * this.width + Math.round(from), place * this.width + Math.round(to));
    else for (let y = Math.round(from); y < to; y += 1) this.pixels[y * this.width + place] = packed;
  }

  /** A disc, `strength` of its colour over what is there. */
  disc(x: number, y: number, packed: number, strength: number): void {
    const { pixels, image: { width, height } } = this;
    const { dx, dy, cover } = this.stamp;
    const [cx, cy] = [Math.round(x), Math.round(y)];
    const reach = Math.ceil(this.radius);
    if (cx < -reach || cy < -reach || cx >= width + reach || cy >= height + reach) return;
    for (let at = 0; at < cover.length; at += 1) {
      const [px, py] = [cx + dx[at], cy + dy[at]];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const place = py * width + px;
      const alpha = cover[at] * strength;
      pixels[place] = alpha > 0.98 ? packed : blend(pixels[place], packed, alpha);
    }
  }

  show(context: CanvasRenderingContext2D): void {
    context.putImageData(this.image, 0, 0);
  }
}

/** Bytes in the order red, green, blue, alpha on every machine that runs browsers: they are all little-endian. */
export function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function blend(below: number, above: number, alpha: number): number {
  const weight = Math.round(alpha * 256);
  // Two channels at once: red and blue stand apart far enough to be multiplied together.
  const redBlue = ((below & 0xff00ff) * (256 - weight) + (above & 0xff00ff) * weight) >>> 8;
  const green = ((below & 0xff00) * (256 - weight) + (above & 0xff00) * weight) >>> 8;
  return ((255 << 24) | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}

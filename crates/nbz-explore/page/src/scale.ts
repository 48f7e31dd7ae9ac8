// From numbers to pixels along an axis, and where its ticks stand.

import type { Range } from "./state.ts";

export interface Scale {
  log: boolean;
  domain: Range;
  /** Pixels of the domain's ends. */
  range: Range;
}

/** Pixels; NaN where the value has no place on the axis. */
export function pixel({ log, domain, range }: Scale, value: number): number {
  const share = log
    ? Math.log(value / domain[0]) / Math.log(domain[1] / domain[0])
    : (value - domain[0]) / (domain[1] - domain[0]);
  return range[0] + share * (range[1] - range[0]);
}

/** The value at a pixel. */
export function valueAt({ log, domain, range }: Scale, at: number): number {
  const share = (at - range[0]) / (range[1] - range[0]);
  return log ? domain[0] * (domain[1] / domain[0]) ** share : domain[0] + share * (domain[1] - domain[0]);
}

/** Whether numbers are better seen on a logarithmic axis: nearly all are positive, and those span decades. */
export function wantsLog([low, high]: Range, positive: number): boolean {
  return positive > 0.9 && high / low > 300;
}

/** A domain with a little air at its ends, never empty. */
export function airy([low, high]: Range, log: boolean): Range {
  if (log) {
    const air = (high / low) ** 0.03;
    return low === high ? [low / 2, high * 2] : [low / air, high * air];
  }
  const air = low === high ? Math.max(1, Math.abs(low) * 0.1) : (high - low) * 0.03;
  return [low - air, high + air];
}

/** At most `count` round numbers of the domain. */
export function ticks({ log, domain: [low, high] }: Scale, count: number): number[] {
  if (log) {
    const decades = Math.log10(high / low);
    if (decades >= 2) {
      const step = Math.ceil(decades / count);
      const first = Math.ceil(Math.log10(low) - 1e-9);
      const powers = Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, at) => first + at);
      return powers.filter((power) => (power - first) % step === 0).map((power) => 10 ** power);
    }
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((round) => round * power >= rough) ?? 10) * power;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) {
    found.push(Number((at * step).toPrecision(12)));
  }
  return found;
}

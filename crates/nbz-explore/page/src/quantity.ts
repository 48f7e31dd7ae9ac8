// Numbers as people write and read them: 60M typed, 60.0M shown.

const POWERS: [string, number][] = [["T", 12], ["G", 9], ["M", 6], ["k", 3]];

/** Reads `60M`, `1.5G`, `3`, `3ms`; undefined for anything else. Units are those of the column. */
export function parseQuantity(text: string): number | undefined {
  const match = /^\s*([+-]?[\d_,]*\.?\d+(?:e[+-]?\d+)?)\s*([kKMGBT])?(?:\s*(?:ms|mJ|%))?\s*$/i.exec(text);
  if (match === null || match[1] === undefined) return undefined;
  // Only M is a million: m alone could be milli.
  if (match[2] === "m") return undefined;
  const letter = match[2]?.replace("K", "k").replace("B", "G").replace("g", "G").replace("t", "T");
  const power = POWERS.find(([name]) => name === letter)?.[1] ?? 0;
  const value = Number(match[1].replaceAll(/[_,]/g, "")) * 10 ** power;
  return Number.isFinite(value) ? value : undefined;
}

/** Why a text is no limit, in words for the person who typed it; undefined if it is one. */
export function whyNoQuantity(text: string): string | undefined {
  if (parseQuantity(text) !== undefined) return undefined;
  const shown = `“${text.trim()}”`;
  if (parseQuantity(text.replace(/m(?=\s*$)/, "M")) !== undefined) return `${shown} could be milli: write M for a million.`;
  if (/^\s*[+-]?[\d_,]*\.?\d+(?:e[+-]?\d+)?\s*[kKMGBT]?\s*$/i.test(text)) return `${shown} is too large for a number.`;
  return `${shown} is not a number such as 60M, 1.5G or 3.`;
}

/** 15,625 */
export function grouped(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** Three digits or so: 60.1M, 93.75, 0.0123, 7.4e34. */
export function short(value: number | undefined): string {
  if (value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 1e15) return minus(value.toExponential(1).replace(".0e", "e").replace("e+", "e"));
  for (const [letter, power] of POWERS) {
    if (size >= 10 ** power) return minus(significant(value / 10 ** power) + letter);
  }
  if (size !== 0 && size < 1e-3) return minus(value.toExponential(1).replace(".0e", "e"));
  return minus(Number.isInteger(value) ? String(value) : significant(value));
}

function significant(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Nearly everything that the number says, with groups of three where it is whole. */
export function full(value: number | undefined, digits = 8): string {
  if (value === undefined) return "missing";
  if (!Number.isFinite(value)) return short(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(grouped(value));
  return minus(String(Number(value.toPrecision(digits))));
}

/** Two decimals. */
export function percent(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(2);
}

function minus(text: string): string {
  return text.replace("-", "−");
}

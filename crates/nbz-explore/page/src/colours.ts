// Colours that the colour-blind tell apart: cividis for numbers (Nuñez, Anderton, Renslow, 2018), Paul Tol's muted scheme
// (2021) for choices, as in the figures.

/** Cividis at eleven even places. */
const CIVIDIS = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116],
  [195, 179, 105], [225, 204, 85], [246, 222, 70], [254, 232, 56],
] as const;

const MUTED = [
  [204, 102, 119], [51, 34, 136], [221, 170, 51], [17, 119, 51], [102, 170, 221], [136, 34, 85], [68, 170, 153],
  [119, 119, 51], [170, 68, 153],
] as const;

export type Rgb = readonly [number, number, number];

/** A colour for a share from 0 to 1; the end that would melt into the paper is left out. */
export function shade(share: number, dark: boolean): Rgb {
  const [from, to] = dark ? [0.14, 1] : [0, 0.94];
  const at = (from + Math.min(Math.max(share, 0), 1) * (to - from)) * (CIVIDIS.length - 1);
  const low = Math.min(Math.floor(at), CIVIDIS.length - 2);
  const mix = (channel: number) => {
    const [a, b] = [CIVIDIS[low]?.[channel] ?? 0, CIVIDIS[low + 1]?.[channel] ?? 0];
    return Math.round(a + (at - low) * (b - a));
  };
  return [mix(0), mix(1), mix(2)];
}

/** The colour of the n-th choice; the one that would melt into dark paper is lighter there. */
export function choiceColour(at: number, dark: boolean): Rgb {
  const colour = MUTED[at % MUTED.length] ?? MUTED[0];
  return dark && colour === MUTED[1] ? [136, 120, 220] : colour;
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

// The order in which scores put networks: the rule of `nbz-study` (order.rs).
//
// Larger first; NaN last; 0 and -0 are equal; equal scores stand in row order and share a level.

export interface Order {
  /** Places in the scores, best first. */
  places: Uint32Array;
  /** Dense level of `places[i]`: 0 for the best score, the same for equal ones. */
  levels: Uint32Array;
}

/** Whether two scores share a level. */
export function sameScore(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

export function orderOf(scores: Float64Array): Order {
  const places = Uint32Array.from(scores.keys());
  places.sort((i, j) => {
    const [a, b] = [scores[i], scores[j]];
    if (a > b) return -1;
    if (a < b) return 1;
    if (a === b) return i - j;
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
  });
  const levels = new Uint32Array(places.length);
  for (let at = 1; at < places.length; at += 1) {
    const same = sameScore(scores[places[at]], scores[places[at - 1]]);
    levels[at] = levels[at - 1] + (same ? 0 : 1);
  }
  return { places, levels };
}

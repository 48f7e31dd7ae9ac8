// One column of numbers, a value a network, with missing kept apart from undefined (NaN).

export class Column {
  readonly values: Float64Array;
  /** 1 where there is a value, be it NaN. */
  readonly present: Uint8Array;

  constructor(values: Float64Array, present: Uint8Array) {
    this.values = values;
    this.present = present;
  }

  static of(values: ArrayLike<number | undefined | null>): Column {
    const present = Uint8Array.from(values, (v) => (v === undefined || v === null ? 0 : 1));
    return new Column(Float64Array.from(values, (v) => v ?? NaN), present);
  }

  /** The value; undefined where nothing was computed. */
  at(index: number): number | undefined {
    return this.present[index] === 1 ? this.values[index] : undefined;
  }

  presentIndices(): Uint32Array {
    const indices = [];
    for (let index = 0; index < this.present.length; index += 1) {
      if (this.present[index] === 1) indices.push(index);
    }
    return Uint32Array.from(indices);
  }

  /** Smallest and largest finite value; undefined without one. */
  span(): [number, number] | undefined {
    let [low, high] = [Infinity, -Infinity];
    for (let index = 0; index < this.values.length; index += 1) {
      const value = this.values[index];
      if (this.present[index] === 1 && Number.isFinite(value)) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return low <= high ? [low, high] : undefined;
  }

  /** Smallest and largest of the values that are positive and finite, and their share of all that are finite. */
  positive(): { span: [number, number]; share: number } | undefined {
    let [low, high, finite, count] = [Infinity, -Infinity, 0, 0];
    for (let index = 0; index < this.values.length; index += 1) {
      const value = this.values[index];
      if (this.present[index] === 0 || !Number.isFinite(value)) continue;
      finite += 1;
      if (value <= 0) continue;
      count += 1;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return count === 0 ? undefined : { span: [low, high], share: count / finite };
  }

  /** The span without a thin tail that would press all others together: where an end's thirtieth takes a third of it. */
  core(): [number, number] | undefined {
    const span = this.span();
    if (span === undefined) return undefined;
    const finite = this.values.filter((value, index) => this.present[index] === 1 && Number.isFinite(value)).sort();
    const [low, high] = span;
    const third = (high - low) / 3;
    const [first, last] = [finite[Math.floor(finite.length / 30)], finite[Math.ceil((finite.length * 29) / 30) - 1]];
    return [first - low > third ? first : low, high - last > third ? last : high];
  }
}

// Budgets as sliders: one a cost of the table, its end meaning no limit. A limit may be typed as people write it, too.

import { byId, el, setText } from "./dom.ts";
import type { Named } from "./model.ts";
import { grouped, parseQuantity, short, whyNoQuantity } from "./quantity.ts";

const STEPS = 1000;

/** `live` while a slider is dragged, which is not yet a view worth keeping. */
export type OnLimit = (key: string, limit: number | undefined, live: boolean) => void;

interface Slider {
  named: Named;
  span: [number, number];
  range: HTMLInputElement;
  typed: HTMLInputElement;
  /** Why what was typed is no limit. */
  refusal: HTMLElement;
}

export class Budgets {
  private sliders: Slider[] = [];
  private readonly onLimit: OnLimit;

  constructor(onLimit: OnLimit) {
    this.onLimit = onLimit;
  }

  /** Makes the sliders of a data set: costs in sight, latencies and energies folded. */
  build(costs: Named[]): void {
    this.sliders = [];
    const lines = costs.flatMap((named) => {
      const span = named.column.span();
      return span === undefined ? [] : [{ named, line: this.line(named, span) }];
    });
    const isCost = ({ named }: { named: Named }) => named.info.role === "cost";
    const [near, far] = [lines.filter(isCost), lines.filter((line) => !isCost(line))];
    const parts: HTMLElement[] = near.map(({ line }) => line);
    if (far.length > 0) {
      parts.push(el("details", { class: "more" }, el("summary", {}, "Latency and energy of devices"), ...far.map(({ line }) => line)));
    }
    if (lines.length === 0) parts.push(el("p", {}, "The table has no cost to bound."));
    byId("sliders").replaceChildren(...parts);
  }

  private line(named: Named, span: [number, number]): HTMLElement {
    const id = `limit-${named.key}`;
    const range = el("input", { type: "range", id, min: "0", max: String(STEPS), step: "1", "aria-describedby": "sliders-note" });
    const typed = el("input", { type: "text", class: "typed", "aria-label": `Limit of ${named.key}, typed`, spellcheck: "false", autocomplete: "off" });
    const refusal = el("p", { class: "refusal", id: `${id}-refusal`, role: "alert" });
    refusal.hidden = true;
    const slider = { named, span, range, typed, refusal };
    this.sliders.push(slider);
    range.addEventListener("input", () => this.onLimit(named.key, limitAt(slider), true));
    range.addEventListener("change", () => this.onLimit(named.key, limitAt(slider), false));
    typed.addEventListener("change", () => this.type(slider));
    const says = named.info.unit === "count" || named.info.unit === "-" || named.info.unit.toLowerCase() === named.key;
    const unit = says ? "" : ` (${named.info.unit})`;
    return el("div", { class: "slider", title: named.info.meaning },
      el("label", { for: id }, `${named.key}${unit}, at most`), typed, refusal, range);
  }

  private type(slider: Slider): void {
    const text = slider.typed.value.trim();
    const limit = parseQuantity(text);
    const none = text === "" || text === "no limit";
    this.refuse(slider, none ? undefined : whyNoQuantity(text));
    if (none || limit !== undefined) this.onLimit(slider.named.key, none ? undefined : limit, false);
  }

  /** Says beside a field why its text is no limit, and that the last one still holds; undefined takes that away. */
  private refuse({ typed, refusal }: Slider, why: string | undefined): void {
    refusal.hidden = why === undefined;
    setText(refusal, why === undefined ? "" : `${why} The limit is as it was.`);
    if (why === undefined) {
      typed.removeAttribute("aria-invalid");
      typed.removeAttribute("aria-errormessage");
    } else {
      typed.setAttribute("aria-invalid", "true");
      typed.setAttribute("aria-errormessage", refusal.id);
    }
  }

  /** Shows the limits of a view. */
  show(limits: Map<string, number>): void {
    for (const slider of this.sliders) {
      const { named, span: [low, high], range, typed } = slider;
      const limit = limits.get(named.key);
      const at = limit === undefined ? STEPS : Math.round(((limit - low) / (high - low || 1)) * STEPS);
      // A hand that drags is not pushed.
      if (limit === undefined || limitOf(named, [low, high], Number(range.value)) !== limit) range.value = String(Math.min(at, STEPS - 1 + Number(limit === undefined)));
      const words = limit === undefined ? "no limit" : exact(limit);
      range.setAttribute("aria-valuetext", limit === undefined ? `no limit, up to ${short(high)}` : `at most ${short(limit)}`);
      // Nor is one that types: its refused text and the reason stay until it leaves or writes another.
      if (document.activeElement === typed && typed.getAttribute("aria-invalid") === "true") continue;
      typed.value = words;
      this.refuse(slider, undefined);
    }
    byId("no-limits").hidden = limits.size === 0;
  }

  /** Says how many networks are left. */
  tell(count: number, of: number, unknown: number): void {
    const missing = unknown === 0 ? "" : `; ${grouped(unknown)} have no value in a limited column and are left out`;
    setText(byId("feasible"), `${grouped(count)} of ${grouped(of)} networks${missing}`);
  }
}

/** The limit that a slider stands for; none at its end. */
function limitAt({ named, span, range }: Slider): number | undefined {
  return limitOf(named, span, Number(range.value));
}

function limitOf(named: Named, [low, high]: [number, number], at: number): number | undefined {
  if (at >= STEPS) return undefined;
  const limit = low + (at / STEPS) * (high - low);
  return named.info.type === "int" ? Math.round(limit) : Number(limit.toPrecision(6));
}

/** A limit as it may be typed again: 60M where that is exactly it, all its digits otherwise. */
function exact(limit: number): string {
  const brief = short(limit);
  return parseQuantity(brief) === limit ? brief : String(limit);
}

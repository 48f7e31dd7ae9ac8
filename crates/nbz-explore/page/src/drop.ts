// A file that is dropped or chosen: its text, or the words of a refusal.

import { CsvFault, checkSize, parseCsv } from "./csv.ts";
import { byId, setText } from "./dom.ts";
import { type Joined, join } from "./join.ts";
import type { Names } from "./names.ts";
import { grouped } from "./quantity.ts";
import type { Table } from "./table.ts";

export interface Dropped { file: string; joined: Joined }

/** Listens for files; `take` gets what could be read. */
export function listen(table: Table, names: Names, take: (dropped: Dropped) => void): void {
  const chooser = byId<HTMLInputElement>("file");
  const read = async (file: File) => {
    try {
      checkSize(file.size);
      const scores = parseCsv(await file.text());
      await names.learn();
      const joined = join(table, names, scores);
      tell(summary(joined), false);
      take({ file: file.name, joined });
    } catch (fault) {
      if (!(fault instanceof CsvFault)) throw fault;
      tell(`${file.name} was not read: ${fault.message}.`, true);
    }
  };
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    // The same file may be chosen again.
    if (file !== undefined) void read(file).finally(() => { chooser.value = ""; });
  });
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
  addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => { if (event.relatedTarget === null) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!hasFile(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void read(file);
  });
}

function summary({ columns, matched, unmatched }: Joined): string {
  const scores = columns.length === 1 ? "one score" : `${columns.length} scores`;
  const lost = unmatched.count === 0 ? "" : ` ${grouped(unmatched.count)} lines name none: ${unmatched.examples.join(", ")}${unmatched.count > unmatched.examples.length ? ", …" : ""}.`;
  return `Read ${scores}; ${grouped(matched)} lines name a network.${lost}`;
}

function tell(text: string, fault: boolean): void {
  const place = byId("own-told");
  place.classList.toggle("fault", fault);
  setText(place, text);
}

// The page starts: the table is opened, the first points are drawn, then everything else is read.

import { App } from "./app.ts";
import { byId } from "./dom.ts";
import { Table } from "./table.ts";

export interface Facts {
  version: string;
  dataset: string | null;
  /** Pixels on a side of each data set's images. */
  sides: Record<string, number>;
}

/** The bytes that stand in the page in base64; the text is let go. */
function bytesOf(id: string): ArrayBuffer {
  const place = byId(id);
  const text = atob(place.textContent ?? "");
  place.remove();
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes.buffer;
}

async function start(): Promise<void> {
  const facts = JSON.parse(byId("facts").textContent ?? "") as Facts;
  const table = await Table.open(bytesOf("table"));
  await new App(table, facts).start();
}

/** Says what went wrong where everybody sees it; a column may be read, and found broken, long after the start. */
addEventListener("unhandledrejection", ({ reason }) => {
  const words = reason instanceof Error ? reason.message : String(reason);
  byId("told").textContent = `The page cannot show its table: ${words}. It may have been cut short when it was copied.`;
  byId("told").classList.add("fault");
});

void start();

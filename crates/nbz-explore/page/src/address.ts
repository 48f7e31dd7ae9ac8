// The address of the view: kept up to date, and copied.

import { byId, setText } from "./dom.ts";

/** Puts the address where it can be pasted. */
export async function copyLink(): Promise<void> {
  const told = byId("copy-told");
  try {
    await navigator.clipboard.writeText(location.href);
    setText(told, "Copied.");
  } catch {
    setText(told, "The browser does not let the page copy; the address bar has the link.");
  }
}

/** Writes the view into the address, without a step for the browser's way back. */
export function keepAddress(hash: string): void {
  try {
    history.replaceState(null, "", `#${hash}`);
  } catch {
    // Some browsers allow only so many a minute; the next one takes this one with it.
  }
}

// The built program and a browser: pages from disk and from `nbzero serve`, and what the command line says of the same.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const BINARY = resolve(process.env.NBZERO ?? "../../../target/debug/nbzero");
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const folder = mkdtempSync(join(tmpdir(), "nbzero-explorer-"));

/** What a command prints; it runs in the tests' own folder. */
export function nbzero(...args) {
  return execFileSync(BINARY, ["--quiet", ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
}

export function json(...args) {
  return JSON.parse(nbzero("--json", ...args));
}

/** Starts `nbzero serve` on a free port; gives its address and how to end it. */
export async function serve(...args) {
  const server = spawn(BINARY, ["--quiet", "serve", "--port", "0", ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((found, lost) => {
    let text = "";
    server.stdout.on("data", (data) => {
      text += data;
      if (text.includes("\n")) found(text.trim());
    });
    server.on("exit", (code) => lost(new Error(`serve ended with ${code}`)));
  });
  const ended = new Promise((done) => server.on("exit", (code, signal) => done(code ?? signal)));
  return { address, end: (signal) => { server.kill(signal); return ended; } };
}

let browser;

export async function launch() {
  // As root Chromium has no sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: BROWSER, args });
}

export async function close() {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A page at an address, and everything that went wrong or was asked of the network. */
export async function visit(address, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const faults = [];
  page.on("console", (message) => { if (message.type() !== "info") faults.push(message.text()); });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, faults, asked };
}

/** As `visit`, once the explorer has read its table. */
export async function open(address, options = {}) {
  const visited = await visit(address, options);
  await ready(visited.page);
  return visited;
}

export async function ready(page) {
  await page.waitForSelector("html[data-ready=yes]", { state: "attached" });
}

/** Types a limit, as a person does. */
export async function limit(page, cost, text) {
  const field = page.getByLabel(`Limit of ${cost}, typed`);
  await field.fill(text);
  await field.press("Enter");
}

/** The table of picks by name: accuracy, below best, rank, shared as shown, mBR and accuracy in full. */
export function picks(page) {
  return page.$$eval("#picks tbody tr", (rows) => Object.fromEntries(rows.map((row) => {
    const [mbr, accuracy, below, rank, shared] = [...row.cells].slice(1);
    return [row.dataset.key, {
      accuracy: accuracy.textContent, full: accuracy.title, below: below.textContent, rank: rank.textContent.replaceAll(",", ""),
      shared: shared.textContent.replaceAll(",", ""), mbr: mbr.title,
    }];
  })));
}

/** What `nbzero best --json` says, as the page would show it. */
export function asShown(best) {
  const shown = (pick) => ({
    accuracy: pick.accuracy.toFixed(2), below: (best.oracle.accuracy - pick.accuracy).toFixed(2), rank: String(pick.rank), shared: String(pick.shared),
  });
  const base = (name) => name.replace(/^(cifar100?|imagenet16_120)_/, "");
  return { oracle: shown(best.oracle), ...Object.fromEntries(best.picks.map((pick) => [base(pick.by), shown(pick)])) };
}

/** Drops a file on the page. */
export async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, { type: "text/csv" }));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

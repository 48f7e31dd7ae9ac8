// The charts of a report's page in a real browser, opened from disk. Oracle: the CSV beside the page.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { close, folder, launch, nbzero, visit } from "./harness.mjs";

const place = join(folder, "report");
const csv = (figure) => {
  const name = readdirSync(join(place, "figures")).find((name) => name.startsWith(`${figure}_`) && name.endsWith(".csv"));
  const [header, ...rows] = readFileSync(join(place, "figures", name), "utf8").trim().split("\n").map((line) => line.split(","));
  return { header, rows };
};

before(async () => {
  nbzero("reproduce", "all", "--table", "nas-bench-macro", "--draws", "20", "-o", "report");
  await launch();
});

after(close);

/** Unfolds the chart of a figure and gives what plotly holds. */
async function unfold(page, figure) {
  const chart = page.locator(`figure[id^="${figure}_"] details.chart`);
  await chart.locator("summary").click();
  await chart.locator(".main-svg").first().waitFor();
  return chart;
}
const held = (chart) => chart.locator(".js-plotly-plot").evaluate((plot) => plot.data.map(({ name, x, y, text }) => ({ name, x, y, text })));

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}: every chart unfolds without a fault, and nothing is asked of the network`, async () => {
    const { page, faults, asked } = await visit(`file://${join(place, "index.html")}`, { colorScheme });
    for (const figure of ["fig3", "fig4", "fig5", "fig6", "fig9"]) {
      const traces = await held(await unfold(page, figure));
      assert.ok(traces.length > 0, figure);
    }
    assert.deepEqual(faults, []);
    assert.equal(asked.filter((url) => !url.startsWith("data:")).length, 1, asked.join(" "));
    await page.close();
  });
}

test("a heading sorts its table upwards, downwards and as it was", async () => {
  const { page, faults } = await visit(`file://${join(place, "index.html")}`);
  const table = page.locator("table.sortable").filter({ has: page.locator("th", { hasText: /^SR$/ }) }).first();
  const heads = await table.locator("thead th").allTextContents();
  const column = heads.findIndex((head) => head.trim() === "SR");
  assert.ok(column > 0, heads.join(" | "));
  // A cell's number in full, as the page holds it; a score without one stands last either way.
  const numbers = () => table.locator("tbody tr").evaluateAll((rows, at) => rows.map((row) => {
    const held = row.cells[at].querySelector("data");
    return held === null ? null : Number(held.value);
  }), column);
  const before = await numbers();
  const known = before.filter((value) => value !== null);
  const last = before.filter((value) => value === null);
  assert.ok(known.length > 5);
  const button = table.locator("thead th").nth(column).getByRole("button");
  for (const [order, wanted] of [
    ["ascending", [...known.toSorted((a, b) => a - b), ...last]],
    ["descending", [...known.toSorted((a, b) => b - a), ...last]],
    [null, before],
  ]) {
    await button.click();
    assert.equal(await table.locator("thead th").nth(column).getAttribute("aria-sort"), order);
    assert.deepEqual(await numbers(), wanted);
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test("a point is a network of the CSV, of whichever score is chosen, and says so under the pointer", async () => {
  const { page, faults } = await visit(`file://${join(place, "index.html")}`);
  const chart = await unfold(page, "fig3");
  const { header, rows } = csv("fig3");
  assert.deepEqual(await chart.locator("option").allTextContents(), header.slice(2));
  for (const score of [header[2], "synflow"]) {
    await chart.locator("select").selectOption(score);
    const [{ x, y, text }] = await held(chart);
    const at = header.indexOf(score);
    assert.deepEqual(text, rows.map((row) => row[0]));
    assert.deepEqual([x, y], [at, 1].map((column) => rows.map((row) => (row[column] === "" ? null : Number(row[column])))));
  }
  const point = chart.locator(".point").first();
  await point.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await point.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  const label = await chart.locator(".hoverlayer").textContent();
  assert.match(label, /nbmacro:[0-2]{8}/);
  assert.deepEqual(faults, []);
  await page.close();
});

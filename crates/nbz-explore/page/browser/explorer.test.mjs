// The page in a real browser, from disk and served. Oracle for every number: what `nbzero best --json`, `evaluate --json` and
// `query --json` say of the same table.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { asShown, close, drop, folder, json, launch, limit, nbzero, open, picks, ready, serve } from "./harness.mjs";

const places = {};
let server;

before(async () => {
  nbzero("explore", "-o", "nb201.html");
  nbzero("explore", "--table", "nas-bench-macro", "-o", "macro.html");
  server = await serve("--table", "nas-bench-201");
  places["from disk"] = `file://${join(folder, "nb201.html")}`;
  places.served = server.address;
  places.macro = `file://${join(folder, "macro.html")}`;
  await launch();
});

after(async () => {
  await close();
  // SIGINT is Ctrl-C; its code is documented.
  assert.equal(await server.end("SIGINT"), 130);
});

/** Compares the picks on the page with those of the command, for the proxies that both know. */
async function assertPicks(page, ...args) {
  const best = json("best", ...args);
  const shown = await picks(page);
  for (const [key, wanted] of Object.entries(asShown(best))) {
    const { accuracy, below, rank, shared } = shown[key] ?? {};
    assert.deepEqual({ accuracy, below, rank, shared }, wanted, `${key} of best ${args.join(" ")}`);
  }
  assert.equal(shown.random.accuracy, best.random_accuracy.toFixed(2));
  const count = (await page.textContent("#feasible")).split(" ")[0].replaceAll(",", "");
  assert.equal(count, String(best.feasible));
}

test("a limit that cannot be read is refused beside its field, and the last one holds", async () => {
  const { page } = await open(places["from disk"]);
  await limit(page, "macs", "60M");
  const before = await page.textContent("#feasible");
  await limit(page, "macs", "60m");
  const refusal = page.locator("#limit-macs-refusal");
  assert.equal(await refusal.textContent(), "“60m” could be milli: write M for a million. The limit is as it was.");
  assert.equal(await page.textContent("#feasible"), before);
  const field = page.getByLabel("Limit of macs, typed");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await limit(page, "macs", "70M");
  assert.equal(await refusal.isVisible(), false);
  assert.equal(await field.getAttribute("aria-invalid"), null);
  await page.close();
});

for (const place of ["from disk", "served"]) {
  test(`${place}: loads without a fault, asks for nothing but itself, shows what best says`, async () => {
    const { page, faults, asked } = await open(places[place]);
    await assertPicks(page);
    await limit(page, "macs", "60M");
    await assertPicks(page, "--max-macs", "60M");
    await limit(page, "params", "0.35M");
    await assertPicks(page, "--max-macs", "60M", "--max-params", "350k");
    await page.getByText("Latency and energy of devices").click();
    await limit(page, "edgetpu_latency_ms", "1.2");
    await assertPicks(page, "--max-macs", "60M", "--max-params", "350k", "--max", "edgetpu_latency_ms=1.2ms");
    await page.getByRole("button", { name: "Lift all limits" }).click();
    await page.selectOption("#dataset", "imagenet16-120");
    await page.waitForFunction(() => location.hash.includes("imagenet16"));
    await assertPicks(page, "--dataset", "imagenet16-120");
    assert.deepEqual(faults, []);
    assert.equal(asked.filter((url) => !url.startsWith("data:")).length, 1, asked.join(" "));
    await page.close();
  });
}

test("a budget that is dragged moves the picks at once, and stays where the hand leaves it", async () => {
  const { page, faults } = await open(places["from disk"]);
  const slider = page.getByLabel("macs, at most");
  const { x, y, width, height } = await slider.boundingBox();
  const before = await picks(page);
  await page.mouse.move(x + width - 8, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.3, y + height / 2, { steps: 5 });
  const during = await picks(page);
  assert.notDeepEqual(during.oracle, before.oracle);
  // The address is written once the hand lets go.
  assert.equal(await page.evaluate(() => location.hash), "");
  const everyone = Object.keys(before).filter((key) => key !== "random");
  assert.ok(everyone.some((key) => !["oracle", "macs", "params", "depth"].includes(key) && during[key].full !== before[key].full));
  await page.mouse.up();
  const held = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("max.macs"));
  await assertPicks(page, "--max-macs", held);
  // What every proxy picked under the hand, and its mBR, is what it picks where the hand let go.
  const after = await picks(page);
  for (const key of everyone) assert.deepEqual(during[key], after[key], key);
  // Keys move it too.
  await slider.press("ArrowLeft");
  const less = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("max.macs"));
  assert.ok(Number(less) < Number(held));
  await assertPicks(page, "--max-macs", less);
  assert.deepEqual(faults, []);
  await page.close();
});

test("a click draws the network with its numbers and their origin, beside another that was kept", async () => {
  const { page, faults } = await open(places["from disk"]);
  await limit(page, "macs", "60M");
  const best = json("best", "--max-macs", "60M");
  await page.locator("#chart").scrollIntoViewIfNeeded();
  const star = await page.locator(".mark.oracle").boundingBox();
  await page.mouse.click(star.x + star.width / 2, star.y + star.height / 2);
  await page.waitForSelector("#networks figure");
  const name = await page.textContent("#networks figcaption code");
  assert.equal(name, best.oracle.arch);
  const number = (key) => page.textContent(`#numbers tr:has(th:text-is("${key}")) td >> nth=0`);
  assert.equal(await number("test_acc"), String(best.oracle.accuracy));
  await page.getByText("Where these numbers come from").click();
  assert.match(await page.textContent("#origins"), /imported, FreeREA 9c2a726, MIT/);
  // Drawn: a rectangle a block, six edges of a cell.
  assert.equal(await page.locator("#networks .drawing rect").count() > 10, true);
  assert.equal(await page.locator("#networks .edge").count(), 6);
  await page.getByRole("button", { name: "Keep it to compare" }).click();
  await page.getByRole("button", { name: "synflow", exact: true }).click();
  await page.waitForSelector("#networks figure >> nth=1");
  const synflow = best.picks.find(({ by }) => by === "cifar10_synflow");
  assert.deepEqual(await page.locator("#networks figcaption code").allTextContents(), [synflow.arch, best.oracle.arch]);
  const cells = await page.locator('#numbers tr:has(th:text-is("test_acc")) td').allTextContents();
  const whole = (value) => String(Number(value.toPrecision(6))).replace("-", "−");
  assert.deepEqual(cells, [synflow.accuracy, best.oracle.accuracy, synflow.accuracy - best.oracle.accuracy].map(whole));
  assert.deepEqual(faults, []);
  await page.close();
});

test("a link shows the same view again", async () => {
  const { page } = await open(places.served);
  await limit(page, "macs", "90M");
  await page.selectOption("#colour", "choice:edge 1-3");
  await page.selectOption("#x", "params");
  await page.selectOption("#scale-x", "log");
  await page.locator("fieldset", { hasText: "edge 0-3" }).getByLabel("none", { exact: true }).uncheck();
  await page.getByRole("button", { name: "zen" }).click();
  await page.locator("#chart").scrollIntoViewIfNeeded();
  const chart = await page.locator("#chart").boundingBox();
  await page.mouse.move(chart.x + 200, chart.y + 60);
  await page.mouse.down();
  await page.mouse.move(chart.x + 500, chart.y + 250, { steps: 3 });
  await page.mouse.up();
  await page.waitForFunction(() => location.hash.includes("box="));
  const seen = async (page) => ({
    picks: await picks(page), feasible: await page.textContent("#feasible"), meant: await page.textContent("#meant"),
    network: await page.textContent("#networks"), x: await page.inputValue("#x"), scale: await page.inputValue("#scale-x"),
    colour: await page.inputValue("#colour"), legend: await page.textContent("#legend"),
    unchecked: await page.locator("#choices input:not(:checked)").count(), hash: await page.evaluate(() => location.hash),
  });
  const first = await seen(page);
  assert.equal(first.unchecked, 1);
  const again = await open(`${places.served}${first.hash}`);
  assert.deepEqual(await seen(again.page), first);
  // The same link in a page that is open already, and a link to nothing.
  const { page: third, faults } = await open(places.served);
  await third.evaluate((hash) => { location.hash = hash; }, first.hash);
  await third.waitForFunction(() => document.querySelector("#x").value === "params");
  assert.deepEqual(await seen(third), first);
  await third.evaluate(() => { location.hash = "#x=nonsense&on=nowhere&net=nobody&max.macs=x&colour=choice:edge"; });
  await third.waitForFunction(() => document.querySelector("#x").value === "macs");
  assert.equal(await third.inputValue("#dataset"), "cifar10");
  const fourth = await open(`${places.served}#on=nowhere&y=nothing`);
  assert.equal(await fourth.page.inputValue("#y"), "test_acc");
  assert.deepEqual(fourth.faults, []);
  assert.deepEqual(faults, []);
  for (const one of [page, again.page, third, fourth.page]) await one.close();
});

describe("scores that are dropped", () => {
  /** A score for every string of NAS-Bench-Macro: the sum of its digits, ties and all. */
  function scores(name) {
    const digits = (code) => code.toString(3).padStart(8, "0");
    const sum = (text) => [...text].reduce((total, digit) => total + Number(digit), 0);
    const lines = Array.from({ length: 3 ** 8 }, (_, code) => `${digits(code)},${sum(digits(code))}`);
    return `arch,${name}\n${lines.join("\n")}\n`;
  }

  test("get the mBR that evaluate gives them, and leave with a click", async () => {
    nbzero("export", "nas-bench-macro", "-o", "bare.parquet");
    nbzero("explore", "--table", "bare.parquet", "-o", "bare.html");
    writeFileSync(join(folder, "mine.csv"), scores("mine"));
    const { page, faults } = await open(`file://${join(folder, "bare.html")}`);
    const without = await picks(page);
    await drop(page, "mine.csv", scores("mine"));
    await page.waitForSelector('#picks tr[data-key="own:mine"]');
    const shown = await picks(page);
    const { scores: measured } = json("evaluate", "mine.csv", "--table", "bare.parquet", "--draws", "0");
    for (const [key, name] of [["own:mine", "mine"], ["macs", "macs"], ["params", "params"], ["depth", "depth"]]) {
      assert.equal(Number(shown[key].mbr), measured[name].mbr.macs.mbr_ties, name);
    }
    // Limited MACs: five even budgets up to the limit, as --limits asks for them.
    await limit(page, "macs", "60M");
    const low = 7_713_280;
    const limits = [1, 2, 3, 4].map((step) => low + (step * (6e7 - low)) / 5);
    const asked = `macs=${[...limits, 6e7].join(",")}`;
    const limited = json("evaluate", "mine.csv", "--table", "bare.parquet", "--draws", "0", "--limits", asked);
    const now = await picks(page);
    assert.equal(Number(now["own:mine"].mbr), limited.scores.mine.mbr.macs.mbr_ties);
    await page.getByRole("button", { name: "larger is better" }).click();
    await page.waitForSelector('button:text("smaller is better")');
    const turned = json("evaluate", "mine.csv", "--table", "bare.parquet", "--draws", "0", "--limits", asked, "--smaller", "mine");
    assert.equal(Number((await picks(page))["own:mine"].mbr), turned.scores.mine.mbr.macs.mbr_ties);
    await page.getByRole("button", { name: "Lift all limits" }).click();
    await page.getByRole("button", { name: "Remove mine" }).click();
    assert.deepEqual(await picks(page), without);
    assert.deepEqual(faults, []);
    await page.close();
  });

  test("are never markup", async () => {
    const name = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const { page, faults } = await open(places.macro);
    const scripts = await page.locator("script").count();
    await drop(page, `${name}.csv`, scores(`"${name}"`));
    await page.waitForSelector("#picks tr.own");
    assert.equal(await page.locator("#picks tr.own th button.link").textContent(), name);
    await page.selectOption("#x", `own:${name}`);
    await page.selectOption("#colour", `own:${name}`);
    await page.locator("#picks tr.own th button.link").click();
    await page.waitForSelector("#networks figure");
    await drop(page, `${name}.csv`, `arch,mine\n${name},1\n00000000,2\n`);
    await page.waitForFunction(() => document.querySelector("#own-told").textContent.includes("name none"));
    await drop(page, `${name}.csv`, `arch,mine\n00000000,${name}`);
    await page.waitForSelector("#own-told.fault");
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script").count(), scripts);
    assert.deepEqual(faults, []);
    await page.close();
  });

  test("are refused in words where they cannot be read", async () => {
    const { page, faults } = await open(places.macro);
    const told = () => page.textContent("#own-told");
    const cases = [
      ["arch,mine\n00000000,1\n0000000,2\n00000000,3\n", /lines 2 and 4 are one network/],
      ["arch,mine\nnobody,1\n", /no line names a network/],
      ["arch,mine\n00000000,many\n", /line 2: “many” in column “mine” is not a number/],
      ["", /empty/],
    ];
    for (const [text, words] of cases) {
      await drop(page, "bad.csv", text);
      await page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#own-told").textContent), words.source);
      assert.match(await told(), words);
    }
    writeFileSync(join(folder, "huge.csv"), Buffer.alloc(60_000_000, "arch,mine\n"));
    await page.setInputFiles("#file", join(folder, "huge.csv"));
    await page.waitForFunction(() => /60 MB/.test(document.querySelector("#own-told").textContent));
    assert.match(await told(), /nbzero evaluate/);
    assert.equal(await page.locator("#picks tr.own").count(), 0);
    assert.deepEqual(faults, []);
    await page.close();
  });

  test("given to the command stand in the page", async () => {
    writeFileSync(join(folder, "given.csv"), scores("given"));
    nbzero("explore", "--table", "nas-bench-macro", "--scores", "given.csv", "--smaller", "given", "-o", "given.html");
    const { page, faults } = await open(`file://${join(folder, "given.html")}`);
    const { given } = await picks(page);
    // The smallest sum of digits: the network of identities, the first row.
    const worst = json("best", "--table", "nas-bench-macro", "--max-macs", "7713280");
    assert.equal(given.accuracy, worst.oracle.accuracy.toFixed(2));
    assert.deepEqual(faults, []);
    await page.close();
  });
});

test("the selection is downloaded as CSV that the commands read", async () => {
  const { page } = await open(`${places.macro}#max.macs=30000000`);
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const text = readFileSync(await (await waiting).path(), "utf8");
  const lines = text.trim().split("\n");
  const best = json("best", "--table", "nas-bench-macro", "--max-macs", "30M");
  assert.equal(lines.length - 1, best.feasible);
  const [header, ...rows] = lines.map((line) => line.split(","));
  const accuracy = header.indexOf("acc_mean");
  assert.equal(Math.max(...rows.map((row) => Number(row[accuracy]))), best.oracle.accuracy);
  writeFileSync(join(folder, "selection.csv"), text);
  const { matched, unmatched } = json("evaluate", "selection.csv", "--table", "nas-bench-macro", "--score", "acc_mean", "--draws", "0");
  assert.deepEqual([matched, unmatched], [best.feasible, []]);
  await page.close();
});

test("everything is done by keys, and every control has a name", async () => {
  const { page, faults } = await open(places.macro);
  await page.focus("#chart");
  await page.keyboard.press("ArrowUp");
  const best = json("best", "--table", "nas-bench-macro");
  await page.waitForFunction((name) => document.querySelector("#told").textContent.startsWith(name), best.oracle.arch);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#networks figure");
  const told = await page.textContent("#networks figcaption code");
  assert.notEqual(told, best.oracle.arch);
  await page.focus("#find-name");
  await page.keyboard.type("nbmacro:12021002");
  await page.keyboard.press("Enter");
  // A string of a network is found under the string that stands for it.
  await page.waitForFunction(() => document.querySelector("#networks figcaption code").textContent === "nbmacro:12021020");
  await page.fill("#find-name", "nobody");
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("#find-told"), /No network of this table is called “nobody”/);
  const nameless = await page.$$eval("button, select, input, [tabindex='0']", (controls) => controls.filter((control) => {
    const labels = [...(control.labels ?? [])].map((label) => label.textContent).join("");
    const by = control.getAttribute("aria-labelledby");
    const name = labels + (control.getAttribute("aria-label") ?? "") + (by === null ? "" : document.getElementById(by).textContent) + control.textContent;
    return name.trim() === "";
  }).map((control) => control.outerHTML));
  assert.deepEqual(nameless, []);
  assert.deepEqual(faults, []);
  await page.close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`a phone shows it whole, ${colorScheme}`, async () => {
    const hash = "#net=nbmacro:12021020&with=nbmacro:22222222";
    const { page, faults } = await open(`${places.macro}${hash}`, { viewport: { width: 390, height: 844 }, colorScheme, hasTouch: true, isMobile: true });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await page.locator("#chart").scrollIntoViewIfNeeded();
    const star = await page.locator(".mark.oracle").boundingBox();
    await page.touchscreen.tap(star.x + star.width / 2, star.y + star.height / 2);
    const best = json("best", "--table", "nas-bench-macro");
    await page.waitForFunction((name) => document.querySelector("#networks figcaption code").textContent === name, best.oracle.arch);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

describe("odd tables", () => {
  test("of five rows, with markup for names, a constant score and one that is NaN throughout", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    const stages = ["16s1x1-32s2x1", "16s1x1-32s2x2", "16s1x1-32s2x3", "32s1x1-32s2x3", "16s1x1-32s2x4"];
    const lines = stages.map((two, at) => `r1:${two}-64s2x1-128s2x1,${90 + at / 2},1,nan,${at % 2 === 0 ? 3 - at : ""}`);
    writeFileSync(join(folder, "odd.csv"), `arch,acc,constant,undefined,${evil}\n${lines.join("\n")}\n`);
    nbzero("import", "odd.csv", "-o", "odd.parquet", "--name", `</title><script>alert(2)</script>${evil}`, "--source", evil);
    nbzero("explore", "--table", "odd.parquet", "-o", "odd.html");
    const { page, faults } = await open(`file://${join(folder, "odd.html")}`);
    assert.equal(await page.textContent("h1"), `</title><script>alert(2)</script>${evil}`);
    assert.equal(await page.locator("img").count(), 0);
    await assertPicks(page, "--table", "odd.parquet");
    const shown = await picks(page);
    assert.deepEqual([shown.constant.rank, shown.constant.shared], ["4", "5"]);
    assert.deepEqual([shown.undefined.rank, shown.undefined.shared], ["4", "5"]);
    for (const key of ["constant", "undefined", evil, "choice:stage 2 depth"]) {
      await page.selectOption("#colour", key);
      if (!key.startsWith("choice:")) await page.selectOption("#x", key);
    }
    // The deepest of the stages is not let through.
    await page.locator("fieldset", { hasText: "stage 2 depth" }).getByLabel("4", { exact: true }).uncheck();
    assert.equal((await picks(page)).oracle.accuracy, "91.50");
    await page.getByRole("button", { name: "the best", exact: true }).click();
    await page.waitForSelector("#networks figure");
    assert.deepEqual(faults, []);
    await page.close();
  });

  test("without costs and of no known space: there are no budgets, and that is said", async () => {
    writeFileSync(join(folder, "bare.csv"), "arch,acc,mine\nfirst,90,1\nsecond,91,2\nthird,92,\n");
    nbzero("import", "bare.csv", "-o", "costless.parquet");
    nbzero("explore", "--table", "costless.parquet", "-o", "costless.html");
    const { page, faults } = await open(`file://${join(folder, "costless.html")}`);
    assert.match(await page.textContent("#sliders"), /no cost/);
    assert.match(await page.textContent("#mbr-note"), /no budgets/);
    const shown = await picks(page);
    assert.deepEqual([shown.mine.accuracy, shown.mine.rank, shown.mine.mbr], ["91.00", "1", ""]);
    assert.equal(await page.locator("#filters").isHidden(), true);
    await page.getByRole("button", { name: "mine", exact: true }).click();
    await page.waitForSelector("#networks figure");
    assert.equal(await page.textContent("#networks figcaption code"), "second");
    assert.deepEqual(faults, []);
    await page.close();
  });
});

test("a page that was cut short says so", async () => {
  const whole = readFileSync(join(folder, "macro.html"), "utf8");
  const start = whole.indexOf('id="table">') + 11;
  const end = whole.indexOf("</script>", start);
  writeFileSync(join(folder, "cut.html"), whole.slice(0, start + 4000) + whole.slice(end));
  const { page } = await open(places.macro);
  await page.goto(`file://${join(folder, "cut.html")}`);
  await page.waitForSelector("#told.fault");
  assert.match(await page.textContent("#told"), /cannot show its table/);
  await page.goto(places.macro);
  await ready(page);
  await page.close();
});

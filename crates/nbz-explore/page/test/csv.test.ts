// Dropped files, sound and otherwise. Oracle: nbz-table's rules for CSV (csv_text.rs, join.rs).

import assert from "node:assert/strict";
import { test } from "node:test";

import { CsvFault, checkSize, parseCsv } from "../src/csv.ts";

const columns = (text: string) => parseCsv(text).columns.map(({ name, values }) => [name, ...values]);

test("cells are numbers, missing or undefined, whatever the line ends and quotes", () => {
  const text = '\uFEFFarch, mine ,"its, other"\r\na,1.5,\r\n\r\n"b|\nc" , -inf ,NaN\r\n';
  assert.deepEqual(columns(text), [["mine", 1.5, -Infinity], ["its, other", undefined, NaN]]);
  const { keys, lines } = parseCsv(text);
  assert.deepEqual(keys, ["a", "b|\nc"]);
  assert.deepEqual(lines, [2, 4]);
  assert.deepEqual(columns("mine,Index\n1e3,7"), [["mine", 1000]]);
  assert.deepEqual(columns('arch,"a ""b"""\nx,.5'), [['a "b"', 0.5]]);
});

const refused: [string, RegExp][] = [
  ["", /empty/],
  ["arch,mine\n", /empty/],
  ["network,mine\na,1", /no column names the architecture/],
  ["arch\na", /no column of scores/],
  ["arch,m,m\na,1,2", /two columns are called “m”/],
  ["arch,mine\na,1\nb", /line 3: 1 cells where the header has 2/],
  ["arch,mine\na,1\nb,12px", /line 3: “12px” in column “mine” is not a number/],
  ["arch,mine\na,0x10", /not a number/],
  ['arch,mine\na,"1', /line 2: a quote is never closed/],
  [`arch,mine\na,${"9".repeat(50)}x${"9".repeat(500)}`, /^.{0,140}$/],
];

for (const [text, words] of refused) {
  test(`refused in words: ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.throws(() => parseCsv(text), (fault) => fault instanceof CsvFault && words.test(fault.message));
  });
}

test("a huge file is refused by its size, one of many lines is read in time that grows with them alone", () => {
  assert.throws(() => checkSize(4e9), /4000 MB/);
  const wide = `arch,${Array.from({ length: 300 }, (_, at) => `c${at}`).join(",")}\nx${",1".repeat(300)}`;
  assert.throws(() => parseCsv(wide), /301 columns/);
  const lines = Array.from({ length: 200_000 }, (_, at) => `#${at},${at}`).join("\n");
  assert.equal(parseCsv(`arch,mine\n${lines}`).keys.length, 200_000);
});

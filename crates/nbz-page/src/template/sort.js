"use strict";

// Headings of tables become buttons that sort: upwards, downwards, as it was. A number sorts by its full value,
// words by their characters; a cell without a number comes last either way.
const ORDERS = ["none", "ascending", "descending"];

function keyOf(cell) {
  const number = cell.querySelector("data");
  return number === null ? cell.textContent : Number(number.value);
}

function compare(a, b, numeric) {
  if (!numeric) return a < b ? -1 : Number(a > b);
  const [known, other] = [typeof a === "number", typeof b === "number"];
  return known && other ? a - b : 0;
}

function sort(table, original, column, order) {
  const numeric = table.tHead.rows[0].cells[column].classList.contains("n");
  const keyed = original.map((row) => [keyOf(row.cells[column]), row]);
  const missing = ([key]) => numeric && typeof key !== "number";
  const sign = order === "descending" ? -1 : 1;
  if (order !== "none") {
    keyed.sort((a, b) => missing(a) - missing(b) || sign * compare(a[0], b[0], numeric));
  }
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

for (const table of document.querySelectorAll("table.sortable")) {
  const original = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort") ?? "none";
      const next = ORDERS[(ORDERS.indexOf(now) + 1) % ORDERS.length];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (next !== "none") head.setAttribute("aria-sort", next);
      sort(table, original, column, next);
    });
  });
}

// Paper can't be unfolded, and a link may lead into what is folded.
const folded = () => [...document.querySelectorAll("details:not([open])")];
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = folded();
  unfolded.forEach((details) => (details.open = true));
});
addEventListener("afterprint", () => unfolded.forEach((details) => (details.open = false)));

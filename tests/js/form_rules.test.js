// The rules of a form in the browser: the same cases as tests/lib/test_form_rules.py asks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const { checkRow, completed, sentence } = await import(`${process.env.STATIC}/lib/rules.js`);
const { readCell } = await import(`${process.env.STATIC}/lib/typed.js`);
const { Drafts, merge } = await import(`${process.env.STATIC}/lib/drafts.js`);
const { asTable } = await import(`${process.env.STATIC}/lib/queue.js`);
const cases = JSON.parse(readFileSync(`${process.env.TESTS}/form_rules_cases.json`, "utf8"));

for (const { name, rules, cells, before, broken } of cases.rows) {
  test(`a row: ${name}`, () => {
    assert.deepEqual(checkRow(rules, cells, before), broken);
  });
}

for (const { typed, column, value, fault } of cases.cells) {
  test(`typed: ${JSON.stringify(typed)} as ${column.type}`, () => {
    const read = readCell(typed, column);
    if (fault) {
      assert.equal(read.fault, fault);
    } else {
      assert.deepEqual(read, { value });
    }
  });
}

const CLOSING = [
  { kind: "required", column: "births" },
  { kind: "required", column: "opening" },
  { kind: "sum", column: "closing", plus: ["opening", "births"], minus: ["missing"] },
];

test("a sum is worked out, with nought for what may stay empty", () => {
  const cells = completed(CLOSING, { opening: 10, births: 2 }, new Set(["closing"]));
  assert.deepEqual(cells, { opening: 10, births: 2, missing: 0, closing: 12 });
});

test("a sum is not worked out while a figure is lacking", () => {
  assert.equal(completed(CLOSING, { opening: 10 }, new Set(["closing"])).closing, null);
});

test("a sentence has the facts in the language of the page", () => {
  const facts = { area: "Satu", column: "Total", found: 1234, expected: 1.5 };
  const sums = { plus: ["a", "b"], minus: ["c"] };
  const words = { language: "id", labels: { a: "A", b: "B", c: "C" } };
  assert.equal(
    sentence("%(area)s %(found)s %(expected)s %(sum)s", { ...facts, ...sums }, words),
    "Satu 1.234 1,5 A + B − C",
  );
});

function storage() {
  const kept = {};
  return Object.defineProperties(kept, {
    setItem: { value: (key, text) => (kept[key] = text) },
    getItem: { value: (key) => kept[key] ?? null },
    removeItem: { value: (key) => delete kept[key] },
  });
}

test("nobody sees the drafts of another", () => {
  const shared = storage();
  const mine = new Drafts(1, shared);
  const others = new Drafts(11, shared);
  mine.keep("/a/", { cells: { births: "3" } });
  assert.equal(others.read("/a/"), null);
  assert.deepEqual(others.all(), []);
  assert.deepEqual(mine.all(), [["/a/", { cells: { births: "3" } }]]);
});

test("a browser that keeps nothing says so, and does not fail", () => {
  const full = { setItem: () => assert.fail("full"), getItem: () => assert.fail("forbidden") };
  assert.equal(new Drafts(1, full).keep("/a/", {}), false);
  assert.equal(new Drafts(1, full).read("/a/"), null);
});

test("only a cell that both changed otherwise is put to the choice", () => {
  const base = { a: "1", b: "1", c: "1", d: "1" };
  const mine = { a: "2", b: "1", c: "2", d: "2" };
  const theirs = { a: "1", b: "3", c: "3", d: "2" };
  assert.deepEqual(merge(base, mine, theirs), {
    cells: { a: "2", b: "3", c: "2", d: "2" },
    conflicts: [{ column: "c", theirs: "3", yours: "2" }],
  });
});

test("the table that is saved has codes as headings, also of empty cells", () => {
  const table = asTable({ code: "99.01", cells: { births: "3", deaths: "", note: 'a"b' } });
  assert.equal(table, '"kode";"births";"deaths";"note"\r\n"99.01";"3";"";"a""b"\r\n');
});

// Rules of a form, checked in the browser as the server checks them (geo/lib/form_rules.py).
// tests/form_rules_cases.json holds both to the same answers.

// Kinds that ask for a reason and do not refuse.
const UNLIKELY = new Set(["goes_on", "near_before"]);
const isNumber = (cell) => typeof cell === "number";
const isEmpty = (cell) => cell === null || cell === undefined || cell === "";
const numbers = (codes, cells) => codes.map((code) => cells[code]);
const total = (values) => values.reduce((sum, value) => sum + value, 0);

// Every rule that one row breaks: {kind, column, severity, facts}.
export function checkRow(rules, cells, before) {
  return rules.flatMap((rule) => {
    const facts = CHECKS[rule.kind](rule, cells, before);
    const severity = UNLIKELY.has(rule.kind) ? "warning" : "error";
    return facts ? [{ kind: rule.kind, column: rule.column, severity, facts }] : [];
  });
}

const CHECKS = {
  range({ column, lowest, highest }, cells) {
    const found = cells[column];
    const isWithin = (lowest === null || found >= lowest) && (highest === null || found <= highest);
    return isNumber(found) && !isWithin ? { found, lowest, highest } : null;
  },
  whole({ column }, cells) {
    const found = cells[column];
    return isNumber(found) && !Number.isInteger(found) ? { found } : null;
  },
  required({ column }, cells) {
    return isEmpty(cells[column]) ? {} : null;
  },
  sum({ column, plus, minus }, cells) {
    const found = cells[column];
    const expected = sumOf(plus, minus, cells);
    return isNumber(found) && expected !== null && found !== expected
      ? { found, expected, plus, minus }
      : null;
  },
  at_most({ column, limits }, cells) {
    const found = cells[column];
    const limit = sumOf(limits, [], cells);
    return isNumber(found) && limit !== null && found > limit ? { found, limit, limits } : null;
  },
  as_before({ column, before: code }, cells, before) {
    const found = cells[column];
    const expected = before[code];
    const differs = isNumber(found) && isNumber(expected) && found !== expected;
    return differs ? { found, expected } : null;
  },
  goes_on({ column, before: code }, cells, before) {
    const found = cells[column];
    const stood = before[code];
    const differs = isNumber(found) && isNumber(stood) && found !== stood;
    return differs ? { found, before: stood } : null;
  },
  near_before({ column, before: code, percent, least }, cells, before) {
    const found = cells[column];
    const stood = before[code];
    if (!(isNumber(found) && isNumber(stood))) {
      return null;
    }
    const allowed = Math.max(least, (Math.abs(stood) * percent) / 100);
    return Math.abs(found - stood) > allowed ? { found, before: stood } : null;
  },
};

// The row with what is not asked for: sums, with 0 for parts that may stay empty.
export function completed(rules, typed, workedOut) {
  const cells = { ...typed };
  const needed = new Set(rules.filter((one) => one.kind === "required").map((one) => one.column));
  for (const { kind, column, plus, minus } of rules) {
    if (kind !== "sum" || !workedOut.has(column)) {
      continue;
    }
    for (const code of [...plus, ...minus]) {
      if (isEmpty(cells[code]) && !needed.has(code)) {
        cells[code] = 0;
      }
    }
    cells[column] = sumOf(plus, minus, cells);
  }
  return cells;
}

function sumOf(plus, minus, cells) {
  const [gains, losses] = [numbers(plus, cells), numbers(minus, cells)];
  return [...gains, ...losses].every(isNumber) ? total(gains) - total(losses) : null;
}

// The sentence of a rule, with its facts put in, in the words and numbers of the page.
export function sentence(text, facts, { language, labels = {} }) {
  const named = (codes, sign) => codes.map((code) => labels[code] ?? code).join(sign);
  const words = Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, written(fact, language)]),
  );
  if (facts.plus) {
    words.sum = [named(facts.plus, " + "), ...facts.minus.map((code) => labels[code])].join(" − ");
  }
  if (facts.limits) {
    words.whole = named(facts.limits, " + ");
  }
  return text.replace(/%\((\w+)\)s/g, (_, name) => words[name] ?? "");
}

function written(fact, language) {
  if (fact === null || fact === undefined) {
    return "–";
  }
  const options = { maximumFractionDigits: 3 };
  return isNumber(fact) ? fact.toLocaleString(language, options).replace("-", "−") : String(fact);
}

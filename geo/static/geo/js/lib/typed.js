// Numbers as people type them, read as the server reads them (geo/lib/cells.py, geo/lib/numbers.py).
// tests/form_rules_cases.json holds both to the same answers.

export const NO_DATA = "missing";
const GREATEST = 1e15;
const DASHES = new Set(["-", "–", "—", "--", "---", "−", "_"]);
const NONE_WORDS = new Set(["nihil", "nil", "kosong", "none"]);
const NO_DATA_WORDS = new Set(
  (
    `${NO_DATA}|tidak ada data|tdk ada data|tak ada data|belum ada data|tad|t.a.d|` +
    "tidak diketahui|belum diketahui|no data|not known|unknown|n/a|na|#n/a|" +
    "tidak tersedia|data tidak ada|not available|…|...|.."
  ).split("|"),
);
const EMPTY_WORDS = new Set("not_assessed|tidak dinilai|not assessed".split("|"));
const ISO_DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00)?)?/;
const PLAIN = /^[+-]?[0-9]+$/;
const EXPONENT = /^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$/;
const ONE_MARK = /^([+-]?)([0-9]+)([.,])([0-9]+)$/;
const GROUPED = /^([+-]?[0-9]{1,3}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?$/;

// One cell: {value} (a number, NO_DATA, or null where nothing is said), or {fault, facts}.
export function readCell(typed, column) {
  const text = tidy(typed);
  const word = text.toLowerCase();
  if (!text || EMPTY_WORDS.has(word)) {
    return { value: null };
  }
  if (NO_DATA_WORDS.has(word)) {
    return { value: NO_DATA };
  }
  if (DASHES.has(text) || NONE_WORDS.has(word)) {
    const isNone = column.type === "whole" || !DASHES.has(text);
    return isNone ? { value: 0 } : fault("dash", text);
  }
  const readings = readNumber(withoutUnit(text, column.unit ?? ""));
  if (readings.length === 0) {
    return fault(ISO_DAY.test(text) ? "date_in_number" : "not_a_number", text);
  }
  return choose(readings, column, text);
}

const fault = (code, found, facts = {}) => ({ fault: code, facts: { found, ...facts } });

function tidy(text) {
  return text.normalize("NFC").trim().split(/\s+/).join(" ").replace(/^'/, "");
}

// Only the column's own unit: “70 %” where persons are counted is no number of persons.
function withoutUnit(text, unit) {
  const ends = unit && text.toLowerCase().endsWith(unit.toLowerCase()) && text !== unit;
  return ends ? text.slice(0, text.length - unit.length).trimEnd() : text;
}

function choose(readings, column, text) {
  let possible = readings;
  if (readings.length > 1) {
    const low = column.lowest ?? Number.NEGATIVE_INFINITY;
    const high = column.highest ?? Number.POSITIVE_INFINITY;
    possible =
      column.type === "whole"
        ? readings.slice(0, 1)
        : readings.filter((value) => low <= value && value <= high);
  }
  if (possible.length !== 1) {
    return fault("ambiguous", text, { large: readings[0], small: readings[1] });
  }
  const isTooGreat = Math.abs(possible[0]) >= GREATEST;
  return isTooGreat ? fault("too_great", masked(text)) : { value: possible[0] };
}

// Sixteen digits may be the number of a person: not shown whole, not even to who typed them.
function masked(text) {
  const digits = text.replace(/[^0-9]/g, "");
  return digits.length === 16 ? `${digits.slice(0, 4)}********${digits.slice(-4)}` : text;
}

// All readings of a text: none where it is no number, two where a mark parts either way.
function readNumber(typed) {
  const text = typed.trim().replaceAll("\u00a0", " ").replaceAll("−", "-");
  if (PLAIN.test(text) || EXPONENT.test(text)) {
    return finite(text);
  }
  const one = ONE_MARK.exec(text);
  if (one) {
    return readOneMark(one);
  }
  const grouped = GROUPED.exec(text);
  if (!grouped || grouped[2] === grouped[3]) {
    return [];
  }
  return finite(`${grouped[1].replaceAll(grouped[2], "")}.${grouped[4] ?? 0}`);
}

function readOneMark([, sign, whole, , rest]) {
  const value = finite(`${sign}${whole}.${rest}`);
  if (rest.length === 3 && whole.length <= 3 && !whole.startsWith("0")) {
    return [...finite(`${sign}${whole}${rest}`), ...value];
  }
  return value;
}

function finite(text) {
  const value = Number(text);
  return Number.isFinite(value) ? [value] : [];
}

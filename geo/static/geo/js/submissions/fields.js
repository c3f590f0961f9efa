// The fields of a form: what is typed in them, what is said under them, and sums worked out.
import { find, findAll } from "../lib/page.js";
import { checkRow, completed, sentence } from "../lib/rules.js";
import { NO_DATA, readCell } from "../lib/typed.js";

const GRAVEST = ["error", "warning"];

export class Fields {
  constructor(form, model) {
    this.form = form;
    this.model = model;
    this.columns = new Map(model.columns.map((one) => [one.code, one]));
    this.labels = Object.fromEntries(model.columns.map((one) => [one.code, one.label]));
    this.boxes = new Map(findAll("[data-code]", form).map((box) => [box.dataset.code, box]));
    this.workedOut = new Set(model.columns.filter((one) => one.workedOut).map((one) => one.code));
    // What the server said of a figure holds until the figure is changed.
    this.served = new Map();
    this.touched = new Set();
  }

  *inputs() {
    for (const [code, box] of this.boxes) {
      const input = find("input", box);
      if (input) {
        yield [code, input, box];
      }
    }
  }

  get typed() {
    return Object.fromEntries([...this.inputs()].map(([code, input]) => [code, input.value]));
  }

  set typed(cells) {
    for (const [code, input] of this.inputs()) {
      input.value = cells[code] ?? "";
    }
  }

  get reasons() {
    const found = [...this.boxes].map(([code, box]) => [
      code,
      find("[data-why] input", box)?.value,
    ]);
    return Object.fromEntries(found.filter(([, why]) => why));
  }

  set reasons(reasons) {
    for (const [code, why] of Object.entries(reasons)) {
      const field = find("[data-why] input", this.boxes.get(code) ?? this.form);
      if (field) {
        field.value = why;
      }
    }
  }

  // Keeps what the server said, for as long as the figures stay as they are.
  serve(problems) {
    const typed = this.typed;
    this.served = new Map();
    for (const one of problems) {
      const said = this.served.get(one.column) ?? { value: typed[one.column], problems: [] };
      said.problems.push(one);
      this.served.set(one.column, said);
    }
  }

  // Checks all, shows it, and returns what keeps the form from being sent.
  check({ all = false } = {}) {
    const found = this.problems();
    const open = [];
    for (const [code, box] of this.boxes) {
      const said = found.get(code) ?? [];
      const shown = said.filter((one) => all || one.kind !== "required" || this.touched.has(code));
      this.mark(code, box, shown);
      const why = find("[data-why] input", box)?.value.trim();
      if (said.some((one) => one.severity === "error" || !why)) {
        open.push(box);
      }
    }
    return open;
  }

  problems() {
    const { cells, found } = this.read();
    const { rules, before, sentences } = this.model;
    const whole = completed(rules, { ...this.model.cells, ...cells }, this.workedOut);
    this.showSums(whole);
    const says = Object.values(cells).some((cell) => cell !== null);
    for (const broken of says ? checkRow(rules, whole, before) : []) {
      if (!(broken.column in cells) || !found.has(broken.column)) {
        add(found, broken.column, { ...broken, message: this.say(sentences[broken.kind], broken) });
      }
    }
    this.addServed(found);
    return found;
  }

  // What can be read, and a problem for what cannot.
  read() {
    const cells = {};
    const found = new Map();
    for (const [code, input] of this.inputs()) {
      const cell = this.readOne(input.value, this.columns.get(code));
      cells[code] = cell.fault ? null : cell.value;
      if (cell.fault) {
        const broken = { kind: cell.fault, column: code, severity: "error", facts: cell.facts };
        const message = this.say(this.model.sentences[cell.fault], broken);
        add(found, code, { ...broken, message });
      }
    }
    return { cells, found };
  }

  readOne(text, column) {
    const { takesNoData, numberNeeded, noDataNotTaken } = this.model;
    const cell = readCell(text, column);
    if (takesNoData) {
      return cell;
    }
    if (cell.value === NO_DATA) {
      return { fault: noDataNotTaken, facts: { found: text } };
    }
    return cell.fault === "not_a_number" ? { ...cell, fault: numberNeeded } : cell;
  }

  addServed(found) {
    for (const [code, { value, problems }] of this.served) {
      const input = find("input", this.boxes.get(code) ?? this.form);
      if (!this.boxes.has(code) || input?.value !== value) {
        continue;
      }
      const said = new Set((found.get(code) ?? []).map((one) => one.message));
      for (const one of problems.filter((problem) => !said.has(problem.message))) {
        add(found, code, { ...one, kind: "served" });
      }
    }
  }

  say(text, { column, facts }) {
    const { area, language } = this.model;
    const named = { ...facts, area, column: this.labels[column] };
    return sentence(text, named, { language, labels: this.labels });
  }

  mark(code, box, problems) {
    const worst = GRAVEST.find((one) => problems.some((problem) => problem.severity === one));
    for (const one of GRAVEST) {
      box.classList.toggle(`is-${one}`, one === worst);
    }
    const text = problems.map((one) => one.message).join(" ");
    const said = find("[data-said]", box);
    if (said.textContent !== text) {
      said.textContent = text;
    }
    find("input", box)?.setAttribute("aria-invalid", String(worst === "error"));
    const why = find("[data-why]", box);
    if (why && !this.touchedReason(why)) {
      why.hidden = !problems.some((one) => one.severity === "warning");
    }
    if (worst) {
      this.touched.add(code);
    }
  }

  // A reason that is being written does not vanish under the finger.
  touchedReason(why) {
    return why.contains(document.activeElement);
  }

  showSums(cells) {
    for (const code of this.workedOut) {
      const output = find("[data-output]", this.boxes.get(code));
      const sum = cells[code];
      output.textContent = typeof sum === "number" ? sum.toLocaleString(this.model.language) : "–";
    }
  }
}

function add(found, code, problem) {
  found.set(code, [...(found.get(code) ?? []), problem]);
}

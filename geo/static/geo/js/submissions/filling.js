// A form as it is typed in: checked at once, kept from the first key on, and sent when it can be.
import { Drafts, merge } from "../lib/drafts.js";
import { find, findAll, readJson } from "../lib/page.js";
import { asTable, enqueue, queued, sendAll, unqueue } from "../lib/queue.js";
import { Conflicts } from "./conflicts.js";
import { Fields } from "./fields.js";
import { askForSync, keepForOffline, sendWhenOnline } from "./offline.js";
import { fileName, saveAsFile, say, timeOf } from "./words.js";

export function startFilling(form) {
  return new Filling(form).start();
}

class Filling {
  constructor(form) {
    this.form = form;
    this.model = readJson("form-model");
    this.fields = new Fields(form, this.model);
    this.conflicts = new Conflicts(this.fields.boxes, () => this.typed());
    this.drafts = new Drafts(this.model.user);
    // The same form in both languages.
    this.key = location.pathname.replace(/^\/[a-z]{2}(?=\/unggah\/)/, "");
    this.base = this.fields.typed;
  }

  async start() {
    const { form, fields } = this;
    fields.serve(this.model.problems);
    const restored = this.restore();
    fields.check();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", (event) => this.left(event.target));
    form.addEventListener("submit", (event) => this.submit(event));
    this.way("discard").addEventListener("click", () => this.discard());
    this.way("file").addEventListener("click", () => this.save());
    const { list, worker } = form.dataset;
    keepForOffline(this.model.user, { list, worker, title: this.model.title }).catch(() => null);
    // Of what was sent long ago, and perhaps withdrawn since, a page that opens says nothing.
    this.isAwaited = restored;
    const send = sendWhenOnline(() => this.show());
    await this.show();
    await send();
  }

  // --- drafts ---------------------------------------------------------------------

  get draft() {
    const { title, code, edit, seen, madeAt } = this.model;
    const { typed: cells, reasons } = this.fields;
    const note = this.form.elements.note.value;
    const page = location.pathname;
    const at = Date.now();
    return { title, code, page, cells, reasons, note, edit, seen, madeAt, base: this.base, at };
  }

  keep() {
    const { draft } = this;
    const isKept = this.drafts.keep(this.key, draft);
    const words = isKept ? say("kept", { TIME: timeOf(draft.at) }) : say("notKept");
    find("[data-kept]", this.form).textContent = words;
    return draft;
  }

  typed() {
    this.keep();
    this.fields.check();
  }

  left(input) {
    const code = input.closest("[data-code]")?.dataset.code;
    if (code) {
      this.fields.touched.add(code);
      this.fields.check();
    }
  }

  restore() {
    const draft = this.drafts.read(this.key);
    if (!draft) {
      return false;
    }
    const { model } = this;
    // A page that the telephone kept may be older than the draft: then the draft knows better.
    if (draft.madeAt > model.madeAt) {
      Object.assign(model, { edit: draft.edit, seen: draft.seen, madeAt: draft.madeAt });
      this.base = draft.base;
    }
    this.fields.reasons = draft.reasons;
    this.form.elements.note.value = draft.note;
    const isMerged = this.mergeWith(draft, this.base);
    const words = say(isMerged ? "merged" : "restored", { TIME: timeOf(draft.at) });
    this.tell(words, ["discard", "file"]);
    return true;
  }

  // Puts what was typed beside what stands now; says whether anybody has to choose.
  mergeWith({ base, cells: mine }, theirs) {
    const { cells, conflicts } = merge(base, mine, theirs);
    this.fields.typed = cells;
    this.conflicts.show(conflicts);
    return conflicts.length > 0;
  }

  async discard() {
    this.drafts.drop(this.key);
    await unqueue(this.model.user, this.key).catch(() => null);
    location.reload();
  }

  save() {
    saveAsFile(fileName(this.model.title), asTable(this.draft));
  }

  // --- sending --------------------------------------------------------------------

  async submit(event) {
    event.preventDefault();
    const act = event.submitter?.value ?? "send";
    const open = this.fields.check({ all: act === "send" });
    const total = find("[data-total]", this.form);
    const words = this.whyNot(act, open);
    total.textContent = words;
    total.hidden = !words;
    if (words) {
      const box = this.conflicts.first ?? open[0];
      find("input", box)?.focus();
      box.scrollIntoView({ block: "center" });
      return;
    }
    await this.send(act);
  }

  whyNot(act, open) {
    if (this.conflicts.first) {
      return say("choose");
    }
    return act === "send" && open.length > 0 ? say("errors", { N: open.length }) : "";
  }

  async send(act) {
    const address = location.pathname;
    const stateAddress = this.form.dataset.state;
    const { user } = this.model;
    try {
      await enqueue({ ...this.keep(), user, form: this.key, address, stateAddress, act });
    } catch {
      this.sendPlainly(act);
      return;
    }
    this.tell(say("sending"));
    await sendAll();
    await this.show({ isAsked: true });
  }

  // Where the browser keeps no queue, the form goes as it does without scripts.
  sendPlainly(act) {
    const { elements } = this.form;
    elements.edit.value = this.model.edit ?? "";
    elements.seen.value = this.model.seen;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "act", value: act });
    this.form.append(field);
    this.form.submit();
  }

  // --- what became of it ------------------------------------------------------------

  async show({ isAsked = false } = {}) {
    const entry = await queued(this.model.user, this.key).catch(() => null);
    if (!entry) {
      return;
    }
    const outcomes = {
      waiting: () => this.showWaiting(entry),
      sent: () => this.showSent(entry, { isAsked }),
      faulty: () => this.showFaulty(entry),
      conflict: () => this.showConflict(entry),
      refused: () => this.tell(entry.detail || say("refused"), ["reload", "file"]),
    };
    await outcomes[entry.state]();
  }

  async showWaiting({ why }) {
    this.isAwaited = true;
    if (why === "signed_out") {
      this.tell(say("signed_out"), ["sign_in", "file"]);
    } else if (why) {
      this.tell(say("offline"), ["file"]);
      await askForSync();
    }
  }

  showSent({ at, number, receipt, sentAt }, { isAsked }) {
    const draft = this.drafts.read(this.key);
    if (draft && draft.at <= at) {
      this.drafts.drop(this.key);
    }
    if (isAsked) {
      location.assign(receipt);
    } else if (this.isAwaited) {
      this.way("receipt").href = receipt;
      this.tell(say("sent", { TIME: timeOf(sentAt), NUMBER: number }), ["receipt"]);
    }
  }

  async showFaulty({ problems, edit, seen, cells, detail, act }) {
    Object.assign(this.model, { edit, seen });
    this.base = cells;
    this.fields.serve(problems);
    this.fields.check({ all: true });
    await this.settle();
    const isRight = act === "save" && problems.length === 0;
    this.tell(isRight ? say("saved") : detail || say("faulty"));
    find(".is-error, .is-warning", this.form)?.scrollIntoView({ block: "center" });
  }

  async showConflict({ conflict, edit, seen, base }) {
    const isKnown = this.model.edit === edit && this.model.seen === seen;
    const theirs = Object.fromEntries(conflict.map((one) => [one.column, one.theirs]));
    Object.assign(this.model, { edit, seen });
    if (!isKnown) {
      this.mergeWith({ base, cells: this.fields.typed }, theirs);
      this.base = { ...this.base, ...theirs };
    }
    await this.settle();
    this.fields.check();
    const isStale = conflict.length === 0;
    this.tell(say(isStale ? "stale" : "conflict"), isStale ? ["reload"] : []);
    this.conflicts.first?.scrollIntoView({ block: "center" });
  }

  // What the server said is dealt with; the draft goes on from there.
  async settle() {
    await unqueue(this.model.user, this.key);
    this.keep();
  }

  // --- telling ----------------------------------------------------------------------

  way(name) {
    return find(`[data-way="${name}"]`);
  }

  tell(words, ways = []) {
    const told = find("[data-told]");
    find("[data-told-words]", told).textContent = words;
    for (const way of findAll("[data-way]", told)) {
      way.hidden = !ways.includes(way.dataset.way);
    }
    told.hidden = false;
    told.scrollIntoView({ block: "nearest" });
  }
}

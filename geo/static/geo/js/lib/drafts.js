// What was typed and not sent, kept in this browser from the first key on: by person and by form.

const PREFIX = "draft:";

export class Drafts {
  constructor(user, storage = globalThis.localStorage) {
    this.prefix = `${PREFIX}${user}:`;
    this.storage = storage;
  }

  // Whether it is kept: a browser may forbid it, or be full.
  keep(form, draft) {
    try {
      this.storage.setItem(this.prefix + form, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  read(form) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + form));
    } catch {
      return null;
    }
  }

  drop(form) {
    try {
      this.storage.removeItem(this.prefix + form);
    } catch {
      // What is forbidden is not there either.
    }
  }

  // [form, draft] of every form; never those of others.
  all() {
    const keys = Object.keys(this.storage).filter((key) => key.startsWith(this.prefix));
    const forms = keys.map((key) => key.slice(this.prefix.length));
    return forms.map((form) => [form, this.read(form)]).filter(([, draft]) => draft);
  }
}

// Puts together what one typed and what somebody else wrote since, from where both began.
// Only where both changed the same cell otherwise does somebody have to choose.
export function merge(base, mine, theirs) {
  const cells = { ...mine };
  const conflicts = [];
  for (const [column, value] of Object.entries(theirs)) {
    const yours = mine[column] ?? "";
    if (value === yours) {
      continue;
    }
    if (yours === (base[column] ?? "")) {
      cells[column] = value;
    } else if (value !== (base[column] ?? "")) {
      conflicts.push({ column, theirs: value, yours });
    }
  }
  return { cells, conflicts };
}

// Forms that wait to be sent: kept in the browser's database, where the service worker finds
// them too. The server takes the same form twice without harm, so that a lost answer costs nothing.

const DATABASE = "isian";
const STORE = "queue";
const JSON_ONLY = { Accept: "application/json" };
const [WAITING, SENT, FAULTY, CONFLICT, REFUSED] = [
  "waiting",
  "sent",
  "faulty",
  "conflict",
  "refused",
];

// --- the database ---------------------------------------------------------------------

function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  return settled(request);
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await opened();
  try {
    return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const keyOf = (user, form) => `${user}:${form}`;
export const queued = (user, form) => inStore("readonly", (store) => store.get(keyOf(user, form)));
export const unqueue = (user, form) =>
  inStore("readwrite", (store) => store.delete(keyOf(user, form)));

export async function allQueued(user) {
  const entries = await inStore("readonly", (store) => store.getAll());
  return entries.filter((entry) => entry.user === user);
}

function put(entry) {
  return inStore("readwrite", (store) => store.put(entry));
}

// Puts a form into the queue, in place of what was there of it.
export function enqueue(entry) {
  return put({ ...entry, key: keyOf(entry.user, entry.form), state: WAITING });
}

// --- sending ---------------------------------------------------------------------------

// Sends what waits, one after another; only one page or worker does so at a time.
// Says whether something still waits for a connection.
export function sendAll() {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(DATABASE, sendEach) : sendEach();
}

async function sendEach() {
  const entries = await inStore("readonly", (store) => store.getAll());
  let isOffline = false;
  for (const entry of entries.filter((one) => one.state === WAITING)) {
    const outcome = await sendOne(entry);
    isOffline ||= outcome.why === "offline";
    const now = await inStore("readonly", (store) => store.get(entry.key));
    // Somebody may have taken it back, or typed on, while it was on its way.
    if (now?.at === entry.at) {
      await put({ ...entry, why: "", ...outcome });
    }
  }
  return isOffline;
}

export async function sendOne(entry) {
  try {
    const state = await fetch(entry.stateAddress, { headers: JSON_ONLY, redirect: "manual" });
    if (!state.ok) {
      return outcomeWithout(state);
    }
    const { user, token } = await state.json();
    if (user !== entry.user) {
      return { why: "signed_out" };
    }
    return await posted(entry, token);
  } catch {
    return { why: "offline" };
  }
}

async function posted(entry, token) {
  const answer = await fetch(entry.address, {
    method: "POST",
    headers: { ...JSON_ONLY, "X-CSRFToken": token },
    body: bodyOf(entry),
    redirect: "manual",
  });
  const said = await answer.json().catch(() => null);
  if (answer.ok && said?.sent) {
    return { state: SENT, number: said.number, receipt: said.address, sentAt: Date.now() };
  }
  if (answer.ok && said) {
    return { state: FAULTY, ...said };
  }
  if (said?.conflict) {
    return { state: CONFLICT, ...said };
  }
  return said?.detail ? { state: REFUSED, detail: said.detail } : outcomeWithout(answer);
}

function outcomeWithout(answer) {
  if (answer.type === "opaqueredirect") {
    return { why: "signed_out" };
  }
  return answer.status >= 500 ? { why: "offline" } : { state: REFUSED, detail: "" };
}

function bodyOf({ cells, reasons, note, edit, seen, act }) {
  const body = new URLSearchParams({
    edit: edit ?? "",
    seen,
    note: note ?? "",
    act: act ?? "send",
  });
  for (const [code, text] of Object.entries(cells)) {
    body.append(`c|${code}`, text);
  }
  for (const [code, text] of Object.entries(reasons)) {
    body.append(`why|${code}`, text);
  }
  return body;
}

// The form as a table that the upload page takes: one heading line of codes, one row.
// Columns without a figure stay in it: that one is missing would be a mistake.
export function asTable({ code, cells }) {
  const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const line = (parts) => parts.map(quoted).join(";");
  const heads = ["kode", ...Object.keys(cells)];
  return `${line(heads)}\r\n${line([code, ...Object.values(cells)])}\r\n`;
}

// Pages of somebody signed in: what waits is sent, what was kept for others goes, and signing out
// asks first.
import { Drafts } from "../lib/drafts.js";
import { forgetPages, keptFor } from "../lib/kept.js";
import { find, findAll } from "../lib/page.js";
import { allQueued, sendAll, unqueue } from "../lib/queue.js";

const dialog = find("[data-leaving]");
const user = Number(dialog.dataset.user);
const drafts = new Drafts(user);
let leaving = null;

keptFor(user).catch(() => null);
// Whatever page one comes back to, what waits is sent.
sendAll().catch(() => null);

async function unsent() {
  const waiting = await allQueued(user).catch(() => []);
  const forms = waiting.filter((one) => one.state !== "sent").map((one) => one.form);
  return new Set([...forms, ...drafts.all().map(([form]) => form)]);
}

async function leave() {
  await forgetPages().catch(() => null);
  leaving.submit();
}

async function forgetAll() {
  for (const [form] of drafts.all()) {
    drafts.drop(form);
  }
  const entries = await allQueued(user).catch(() => []);
  await Promise.all(entries.map((one) => unqueue(user, one.form)));
}

for (const signOut of findAll("form[data-sign-out]")) {
  signOut.addEventListener("submit", async (event) => {
    event.preventDefault();
    leaving = signOut;
    const left = await unsent().catch(() => new Set());
    if (left.size === 0) {
      leave();
      return;
    }
    find("[data-count]", dialog).textContent = String(left.size);
    dialog.showModal();
  });
}
find("[data-keep]", dialog).addEventListener("click", leave);
find("[data-forget]", dialog).addEventListener("click", () => forgetAll().finally(leave));
find("[data-stay]", dialog).addEventListener("click", () => dialog.close());

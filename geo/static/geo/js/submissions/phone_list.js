// The forms on this telephone: drafts, what waits to be sent, and what was sent.
import { Drafts } from "../lib/drafts.js";
import { keptForms } from "../lib/kept.js";
import { find } from "../lib/page.js";
import { allQueued, asTable, unqueue } from "../lib/queue.js";
import { keepForOffline, sendWhenOnline } from "./offline.js";
import { fileName, saveAsFile, say, timeOf } from "./words.js";

export async function startPhoneList(list) {
  const user = Number(list.dataset.user);
  const { worker, list: address } = list.dataset;
  keepForOffline(user, { worker, list: address }).catch(() => null);
  const show = () => showAll(list, user);
  const send = sendWhenOnline(show);
  find("[data-send-now]").addEventListener("click", send);
  await show();
  await send();
}

async function showAll(list, user) {
  const drafts = new Drafts(user);
  const entries = await allQueued(user).catch(() => []);
  const isQueued = new Set(entries.map((one) => one.form));
  const forms = [
    ...entries,
    ...drafts.all().flatMap(([form, one]) => (isQueued.has(form) ? [] : [{ ...one, form }])),
  ];
  const pages = new Set(forms.map((one) => one.page));
  const kept = Object.entries(keptForms()).filter(([page]) => !pages.has(page));
  const others = kept.map(([page, title]) => ({ page, title }));
  const forget = async (form) => {
    drafts.drop(form);
    await unqueue(user, form).catch(() => null);
    await showAll(list, user);
  };
  list.replaceChildren(...[...forms, ...others].map((one) => line(one, forget)));
  find("[data-none]").hidden = list.children.length > 0;
  find("[data-send-now]").hidden = !entries.some((one) => one.state === "waiting");
}

function line(one, forget) {
  const item = find("[data-phone-line]").content.cloneNode(true);
  const title = find("[data-title]", item);
  title.textContent = one.title;
  title.href = one.page;
  find("[data-where]", item).textContent = whereItStands(one);
  const detail = find("[data-detail]", item);
  detail.textContent = one.detail ?? "";
  detail.hidden = !one.detail;
  const receipt = find("[data-receipt]", item);
  receipt.hidden = !one.receipt;
  receipt.href = one.receipt ?? one.page;
  const file = find("[data-file]", item);
  file.hidden = !one.cells || one.state === "sent";
  file.addEventListener("click", () => saveAsFile(fileName(one.title), asTable(one)));
  const remove = find("[data-delete]", item);
  remove.hidden = !one.form;
  remove.addEventListener("click", () => forget(one.form));
  return item;
}

function whereItStands({ state, at, why, number, sentAt }) {
  if (!at) {
    return say("onlyKept");
  }
  if (state === "waiting") {
    return why === "signed_out" ? say("signed_out") : say("waiting", { TIME: timeOf(at) });
  }
  if (state === "sent") {
    return say("sent", { TIME: timeOf(sentAt), NUMBER: number });
  }
  return say(state ?? "draft", { TIME: timeOf(at) });
}

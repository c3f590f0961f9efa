// Keeps a form on this telephone, and has what waits sent as soon as there is a connection.
import { KEPT, keptFor, noteKept } from "../lib/kept.js";
import { sendAll } from "../lib/queue.js";

// Puts this page, the list of forms and their scripts where the service worker finds them.
export async function keepForOffline(user, { worker, list, title }) {
  if (!(navigator.serviceWorker && globalThis.caches)) {
    return;
  }
  await keptFor(user);
  // A browser without modules in workers goes without; drafts and the queue do not need it.
  await navigator.serviceWorker.register(worker, { type: "module" }).catch(() => null);
  const cache = await caches.open(KEPT);
  const scripts = performance
    .getEntriesByType("resource")
    .map((one) => new URL(one.name))
    .filter((url) => url.origin === location.origin && url.pathname.includes("/static/"))
    .map((url) => url.href);
  await Promise.allSettled([
    ...scripts.map((address) => putUnlessThere(cache, address)),
    ...[location.pathname, list].map((address) => put(cache, address)),
  ]);
  if (title && (await cache.match(location.pathname))) {
    noteKept(location.pathname, title);
  }
}

async function putUnlessThere(cache, address) {
  if (!(await cache.match(address))) {
    await put(cache, address);
  }
}

async function put(cache, address) {
  const answer = await fetch(address, { redirect: "manual" });
  // A page of somebody signed out is no form.
  if (answer.ok) {
    await cache.put(address, answer);
  }
}

// Sends what waits now, when the connection returns, and where possible with the page closed.
export function sendWhenOnline(show) {
  const send = async () => {
    await sendAll().catch(() => null);
    await show();
  };
  addEventListener("online", send);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data === "sent") {
      show();
    }
  });
  return send;
}

export async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("send").catch(() => null);
}

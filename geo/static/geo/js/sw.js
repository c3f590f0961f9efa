// The service worker of /unggah/: opens forms without a connection, and sends what waits.
//
// It holds no rules of its own. Pages put themselves and their scripts into the cache
// (submissions/offline.js); signing out empties it (pages/person.js).
import { KEPT } from "./lib/kept.js";
import { sendAll } from "./lib/queue.js";

const LIST = "di-ponsel/";
const LOOSELY = { ignoreSearch: true, ignoreVary: true };
const worker = globalThis;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (["script", "image", "manifest"].includes(request.destination)) {
    event.respondWith(part(request));
  }
});

worker.addEventListener("sync", (event) => {
  event.waitUntil(send());
});

async function send() {
  const isOffline = await sendAll();
  await tellPages();
  if (isOffline) {
    // The browser asks again later.
    throw new Error("offline");
  }
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (failure) {
    const cache = await caches.open(KEPT);
    const list = new URL(LIST, worker.registration.scope);
    const found = (await cache.match(request, LOOSELY)) ?? (await cache.match(list, LOOSELY));
    if (found) {
      return found;
    }
    throw failure;
  }
}

// Names of scripts hold their content's hash: what is kept is right.
async function part(request) {
  const found = await caches.open(KEPT).then((cache) => cache.match(request, LOOSELY));
  return found ?? fetch(request);
}

async function tellPages() {
  for (const client of await worker.clients.matchAll({ type: "window" })) {
    client.postMessage("sent");
  }
}

// Sends a file to a server made of a few lines, over a line that is cut again and again.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import test from "node:test";

globalThis.crypto ??= webcrypto;
const kept = new Map();
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;
// Waiting is not what is tested here.
const later = globalThis.setTimeout;
globalThis.setTimeout = (act) => later(act, 0);

const { Refused, SignedOut, sendInPieces } = await import(
  `${process.env.STATIC}/lib/chunks.js`
);

const CONTENT = new Uint8Array(1000).map((_byte, n) => n % 251);
const FILE = Object.assign(new Blob([CONTENT]), { name: "isian.xlsx" });
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

const answer = (body, status = 200) => ({
  ok: status < 400,
  status,
  type: "basic",
  json: async () => body,
});

// A server that takes pieces of 300 bytes; `trouble` may answer instead of it.
function serve(trouble = () => undefined) {
  const server = { bytes: [], asked: [], begun: 0 };
  globalThis.fetch = async (address, request) => {
    server.asked.push(`${request.method} ${address}`);
    const disturbed = trouble(server, address, request);
    if (disturbed) {
      return disturbed;
    }
    if (request.method === "POST") {
      server.begun += 1;
      server.about = Object.fromEntries(request.body);
    } else {
      const offset = Number(new URL(address, "http://x").searchParams.get("offset"));
      if (offset !== server.bytes.length) {
        return answer({ detail: "elsewhere", received: server.bytes.length }, 409);
      }
      server.bytes.push(...new Uint8Array(await request.body.arrayBuffer()));
    }
    if (server.bytes.length === CONTENT.length) {
      return answer({ number: "PB-2026-000001", address: "/unggah/PB-2026-000001/" });
    }
    return answer({ address: "/potongan/u/", received: server.bytes.length, piece: 300 });
  };
  return server;
}

function send(tell = () => undefined) {
  const subject = { dataset: "figures", period: "2025", area: "99.01.01.2001" };
  return sendInPieces(FILE, { start: "/potongan/", token: "t", subject, tell });
}

test("pieces become the file, and its page is told", async () => {
  const server = serve();
  const told = [];
  assert.equal(await send((news) => told.push(news.sent)), "/unggah/PB-2026-000001/");
  assert.deepEqual(server.bytes, [...CONTENT]);
  assert.deepEqual(told, [0, 300, 600, 900, 1000]);
  assert.equal(server.about.sha256, SHA256);
  assert.equal(server.about.size, "1000");
  assert.equal(kept.size, 0);
});

test("a line that is cut is waited for, and nothing is sent twice", async () => {
  let cuts = 0;
  const told = [];
  const server = serve((_server, address) => {
    if (address.includes("offset=300") && cuts < 3) {
      cuts += 1;
      throw new TypeError("network");
    }
  });
  await send((news) => told.push(news));
  assert.equal(told.filter((news) => news.waiting).length, 3);
  assert.deepEqual(server.bytes, [...CONTENT]);
});

test("where the server has another count, its count is right", async () => {
  let isFirst = true;
  const server = serve((here, address) => {
    if (address.includes("offset=0") && isFirst) {
      isFirst = false;
      // The piece arrived, its answer did not.
      here.bytes.push(...CONTENT.slice(0, 300));
      throw new TypeError("network");
    }
  });
  await send();
  assert.deepEqual(server.bytes, [...CONTENT]);
});

test("an upload that the server has forgotten begins again", async () => {
  const server = serve((here, address) =>
    address.includes("offset=600") && here.begun === 1
      ? answer({ detail: "not known any more" }, 404)
      : undefined,
  );
  await send();
  assert.equal(server.begun, 2);
  assert.deepEqual(server.bytes, [...CONTENT]);
});

test("what the server refuses is told in its words, at once", async () => {
  const server = serve(() => answer({ detail: "larger than 25 MB" }, 413));
  await assert.rejects(send(), (error) => error instanceof Refused && /25 MB/.test(error.message));
  assert.equal(server.asked.length, 1);
});

test("a full disk is told and not waited for", async () => {
  const server = serve((_here, address) =>
    address.includes("offset") ? answer({ detail: "no room left" }, 507) : undefined,
  );
  await assert.rejects(send(), /no room left/);
  assert.equal(server.asked.length, 2);
});

test("who was signed out is told so", async () => {
  serve(() => ({ type: "opaqueredirect", status: 0, ok: false }));
  await assert.rejects(send(), SignedOut);
});

test("what is on its way is noted in the browser", async () => {
  serve((_here, address) =>
    address.includes("offset=300") ? answer({ detail: "stop" }, 400) : undefined,
  );
  await assert.rejects(send(), Refused);
  const noted = JSON.parse(kept.get(`upload:${SHA256}`));
  assert.deepEqual(noted, { name: "isian.xlsx", size: 1000, received: 300 });
});

// Sends a large file in pieces and goes on where the line was cut, also after the page was closed.
//
// The server counts what has arrived; where the two disagree, the server is right. Without
// this module the form sends the file whole.

const MOST_WAITS = 12;
const LONGEST_WAIT_MS = 30_000;

// Uploads that the server forgot, or that arrived damaged, begin again so often.
const MOST_BEGINNINGS = 3;
const BEGIN_AGAIN = new Set([404, 422]);

export class Refused extends Error {
  constructor(sentence, status = 0) {
    super(sentence);
    this.status = status;
  }
}
export class SignedOut extends Error {}

// Sends all of it (only on HTTPS or this very machine does a browser compute the checksum) and
// returns the address of the page that follows the file.
// `tell` hears {sent, size} in bytes, and {waiting: true} while there is no connection.
export async function sendInPieces(file, { start, token, subject, tell }) {
  const sha256 = await fingerprint(file);
  const line = new Line(token, tell);
  const about = { ...subject, name: file.name, size: file.size, sha256 };
  for (let beginnings = 1; ; beginnings += 1) {
    try {
      const address = await send(file, about, { start, line, tell });
      forget(sha256);
      return address;
    } catch (refused) {
      if (!BEGIN_AGAIN.has(refused.status) || beginnings === MOST_BEGINNINGS) {
        throw refused;
      }
    }
  }
}

async function send(file, about, { start, line, tell }) {
  let standing = await line.ask(start, { method: "POST", body: new URLSearchParams(about) });
  while (!standing.number) {
    note(about, standing);
    tell({ sent: standing.received, size: file.size });
    const offset = standing.received;
    const piece = file.slice(offset, Math.min(offset + standing.piece, file.size));
    const address = `${standing.address}?offset=${offset}`;
    standing = { ...standing, ...(await line.ask(address, { method: "PUT", body: piece })) };
  }
  tell({ sent: file.size, size: file.size });
  return standing.address;
}

async function fingerprint(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Under its checksum: {name, size, received} of a file that was begun and not finished.
function note({ name, size, sha256 }, { received }) {
  attempt(() => localStorage.setItem(`upload:${sha256}`, JSON.stringify({ name, size, received })));
}

function forget(sha256) {
  attempt(() => localStorage.removeItem(`upload:${sha256}`));
}

// A browser may forbid storage: resuming then rests on the server alone, which suffices.
function attempt(act) {
  try {
    act();
  } catch {
    // Nothing is lost but the note.
  }
}

class Line {
  constructor(token, tell) {
    this.token = token;
    this.tell = tell;
  }

  // Asks until an answer comes; only a refusal by the server ends it early.
  async ask(address, request) {
    for (let waits = 0; ; waits += 1) {
      const answer = await this.once(address, request).catch(() => null);
      if (answer && answer.status < 500) {
        return this.judge(answer);
      }
      if (answer?.status === 507 || waits >= MOST_WAITS) {
        throw new Refused(answer ? await sentenceOf(answer) : "", answer?.status);
      }
      this.tell({ waiting: true });
      await pause(Math.min(1000 * 2 ** waits, LONGEST_WAIT_MS));
    }
  }

  once(address, request) {
    const headers = { "X-CSRFToken": this.token, Accept: "application/json" };
    return fetch(address, { ...request, headers, redirect: "manual" });
  }

  async judge(answer) {
    if (answer.type === "opaqueredirect") {
      throw new SignedOut();
    }
    if (answer.ok) {
      return answer.json();
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 409 && Number.isInteger(said.received)) {
      return { received: said.received };
    }
    throw new Refused(said.detail ?? "", answer.status);
  }
}

async function sentenceOf(answer) {
  const said = await answer.json().catch(() => ({}));
  return said.detail ?? "";
}

// Waits, but no longer than until the connection is back.
function pause(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}

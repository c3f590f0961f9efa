// What a telephone keeps of its own, and for whom.

// The cache of pages and scripts that open without a connection.
export const KEPT = "isian";
const WHO = "isian:user";
const FORMS = "isian:forms";

// Pages kept for somebody else go, as soon as another person is signed in here.
export async function keptFor(user) {
  if (localStorage.getItem(WHO) !== String(user)) {
    await forgetPages();
    localStorage.setItem(WHO, String(user));
  }
}

export async function forgetPages() {
  localStorage.removeItem(FORMS);
  await globalThis.caches?.delete(KEPT);
}

// Forms whose page is kept: their addresses, with what they are called.
export function keptForms() {
  try {
    return JSON.parse(localStorage.getItem(FORMS)) ?? {};
  } catch {
    return {};
  }
}

export function noteKept(address, title) {
  localStorage.setItem(FORMS, JSON.stringify({ ...keptForms(), [address]: title }));
}

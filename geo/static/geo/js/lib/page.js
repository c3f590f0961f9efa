// Small things that every page's script needs.

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

export function readJson(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${answer.status} ${address}`);
  }
  return answer.json();
}

// Links to the other language were made for the address that came: they follow its changes.
export function syncLanguages() {
  for (const link of findAll("a[data-language]")) {
    link.search = location.search;
  }
}

// A plain click of the main button: anything else (new tab, new window) is the browser's.
export function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

// What a step from one view to the next keeps: layers, the chosen class, the long lists.
import { find, findAll } from "../lib/page.js";

export const chosenClass = () => find('.legend [data-class][aria-pressed="true"]')?.dataset.class;

// A class means the same only while indicator, classes and level are the same.
function hasSameClasses(query, now, facts) {
  const defaults = { i: facts.indicator, t: facts.periods.at(-1) };
  const value = (params, name) => params.get(name) ?? defaults[name] ?? "";
  const names = ["i", "k", "c", "dari", ...(now.has("c") || now.has("dari") ? ["t"] : [])];
  const level = query.get("l") ?? (query.has("a") ? facts.deepest : "district");
  return level === facts.level && names.every((name) => value(query, name) === value(now, name));
}

// The address with what is kept; `address` may have been written before something was chosen.
export function keep(address, stage, facts) {
  const query = new URL(address, location.href).searchParams;
  const chosen = chosenClass();
  query.delete("y");
  query.delete("f");
  if (chosen && hasSameClasses(query, new URLSearchParams(location.search), facts)) {
    query.set("f", chosen);
  }
  const codes = findAll("[data-layer]:checked", stage).map(({ value }) => value);
  const layers = codes.length > 0 ? `y=${codes.join(",")}` : "";
  return `?${[String(query), layers].filter(Boolean).join("&")}`;
}

// The same view of another indicator, in its own latest period.
export function addressOfIndicator({ dataset }) {
  const query = new URLSearchParams(location.search);
  for (const name of ["t", "dari", "k", "f"]) {
    query.delete(name);
  }
  if (dataset.level !== "village") {
    query.delete("l");
  }
  query.set("i", dataset.indicator);
  return `?${query}`;
}

// Hundreds of rows have the same address but for the code, and ranks that count on: neither
// travels with each of them, nor do names that stand here already (see `ask`).
export function completeRows(table, rows) {
  for (const [i, row] of [...table.tBodies[0].rows].entries()) {
    const link = find("a", row);
    link.setAttribute("href", table.dataset.go + row.dataset.code);
    row.cells[0].textContent ||= i + 1;
    if (!link.hasChildNodes()) {
      const known = rows.get(row.dataset.code);
      link.append(...(known ? find("a", known).cloneNode(true).childNodes : [row.dataset.code]));
    }
  }
}

// Ask for the next view; the names of the areas of this one need not be sent again.
export function ask(search, { scope, level }) {
  const query = [search.slice(1), `ada=${scope}/${level}`].filter(Boolean);
  return fetch(`${location.pathname}bagian/?${query.join("&")}`);
}

// The answer leaves these lists out, for they change only in what is marked.
export function keepLists(page, facts) {
  const list = find("[data-indicators]");
  for (const link of findAll("[data-indicator]", list)) {
    link.removeAttribute("aria-current");
    if (link.dataset.indicator === facts.indicator) {
      link.setAttribute("aria-current", "true");
      link.closest("details").open = true;
    }
  }
  find("[data-indicators]", page)?.replaceWith(list);
  const layers = find("[data-layers]");
  if (layers) {
    find("[data-layers-place]", page)?.replaceWith(layers);
  }
}

// What is asked for seldom comes when it is asked for; whether it was, is answered at once.
export function startRare(target, { chooseClass, failed }) {
  const closest = (selector) => target.closest?.(selector);
  const button = closest(".legend [data-class]");
  const origin = closest("[data-origin]");
  const share = closest("[data-share]");
  if (button) {
    chooseClass(button);
  } else if (origin) {
    import("./origin.js").then(({ openOrigin }) => openOrigin(origin)).catch(failed);
  } else if (share) {
    import("../lib/share.js").then((module) => module.share(share));
  }
  return Boolean(button || origin || share);
}

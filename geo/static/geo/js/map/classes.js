// One class at a time: the areas of the others step back, and their rows are hidden.
import { find, findAll } from "../lib/page.js";

const buttons = () => findAll(".legend button[data-class]");

// Show only this class, or all again where it was shown already.
export function chooseClass(chosen, rows) {
  const isShown = chosen.getAttribute("aria-pressed") === "true";
  const wanted = isShown ? "0" : chosen.dataset.class;
  for (const button of buttons()) {
    button.setAttribute("aria-pressed", String(button.dataset.class === wanted));
  }
  for (const row of rows.values()) {
    row.hidden = wanted !== "0" && row.dataset.class !== wanted;
  }
  if (chosen.tagName === "A") {
    buttons()[0].focus({ preventScroll: true });
  }
  find("[data-all-classes]").hidden = wanted === "0";
  const query = new URLSearchParams(location.search);
  query.delete("f");
  if (wanted !== "0") {
    query.set("f", wanted);
  }
  history.replaceState(null, "", `?${query}`);
}

// The classes are one stop for the keyboard; arrows lead from one to the next.
export function stepAlong(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const all = buttons();
    const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

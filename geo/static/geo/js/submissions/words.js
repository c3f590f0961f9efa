// What the page says: sentences stand in the template, and facts are put in here.
import { find } from "../lib/page.js";

// TIME, N and NUMBER in a sentence are replaced by facts.
export function say(name, facts = {}) {
  const text = find("[data-words]").dataset[name] ?? "";
  return Object.entries(facts).reduce(
    (said, [key, fact]) => said.replace(new RegExp(`\\b${key}\\b`), () => fact),
    text,
  );
}

// 14:32, and the day before it where that is not today.
export function timeOf(moment) {
  const at = new Date(moment);
  const language = document.documentElement.lang;
  const time = at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${at.toLocaleDateString(language)} ${time}`;
}

export function saveAsFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const fileName = (title) => `${title.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`;

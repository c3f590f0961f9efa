// Follows what a worker does with a submission, and shows the page anew when it is done.
import { fetchJson, find } from "../lib/page.js";

const PAUSE_MS = 2000;

export function followProgress(box) {
  if (!box) {
    return;
  }
  const words = find("[data-words]", box);
  const look = async () => {
    const now = await fetchJson(box.dataset.progress).catch(() => null);
    if (now && !now.is_busy) {
      location.reload();
      return;
    }
    if (now?.words) {
      words.textContent = now.words;
    }
    setTimeout(look, PAUSE_MS);
  };
  setTimeout(look, PAUSE_MS / 2);
}

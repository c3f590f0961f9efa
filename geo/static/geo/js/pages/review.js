// Reviewing: a line that is touched in the table of changes is the cell that a comment is about.
import { find } from "../lib/page.js";

const changes = find("#changes");
const form = find("#comment");

if (changes && form) {
  const row = find("[data-comment-row]");
  const column = find("[data-comment-column]");
  const text = find("[data-comment-text]");
  changes.addEventListener("click", (event) => {
    const line = event.target.closest("tr[data-row]");
    if (!line || event.target.closest("a")) return;
    find(".is-meant")?.classList.remove("is-meant");
    line.classList.add("is-meant");
    if (row) row.value = line.dataset.row;
    column.value = line.dataset.column;
    form.scrollIntoView({ block: "center" });
    text.focus({ preventScroll: true });
  });
}

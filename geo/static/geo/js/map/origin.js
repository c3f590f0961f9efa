// Where a figure comes from, in a dialog over the map.
import { find } from "../lib/page.js";

export async function openOrigin(link) {
  const { pathname, search } = new URL(link.href);
  const answer = await fetch(`${pathname}bagian/${search}`);
  if (!answer.ok) {
    throw new Error(`${answer.status} ${link.href}`);
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = find("dialog", page);
  document.body.append(dialog);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus({ preventScroll: true });
  });
  dialog.showModal();
}

// What every page but the map needs: the search field.
import { find } from "../lib/page.js";
import { startSearch } from "../lib/search.js";
import { offerSharing } from "../lib/share.js";

const form = find("form.search");
if (form) {
  startSearch(form, (code) => {
    location.href = form.dataset.go.replace("CODE", code);
  });
}
offerSharing(find("[data-share]"));

const print = find("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

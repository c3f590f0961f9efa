// The search field as a combobox (WAI-ARIA): suggestions as one types, arrows and Enter.
import { fetchJson, find, findAll } from "./page.js";

const PAUSE_MS = 160;

export function startSearch(form, go) {
  const input = find("input[type=search]", form);
  const list = find("ul", form);
  const none = find("[data-none]", form);
  const template = find("template", form);
  let timer = 0;
  let asked = "";
  let chosen = -1;

  list.id = "search-list";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");

  // An answer that is still on its way opens nothing any more.
  function close() {
    clearTimeout(timer);
    asked = "";
    list.hidden = true;
    none.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = findAll("[role=option]", list);
    chosen = (index + options.length) % options.length;
    options.forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === chosen));
    });
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(hits) {
    list.replaceChildren(
      ...hits.map((hit, index) => {
        const option = template.content.firstElementChild.cloneNode(true);
        option.id = `search-option-${index}`;
        option.dataset.code = hit.code;
        find("span", option).textContent = hit.name;
        find("small", option).textContent = [hit.kind, hit.district].filter(Boolean).join(" · ");
        return option;
      }),
    );
    list.hidden = hits.length === 0;
    none.hidden = hits.length > 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    if (hits.length > 0) {
      choose(0);
    }
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < 2) {
      close();
      return;
    }
    asked = text;
    try {
      const { items } = await fetchJson(`${form.dataset.search}?q=${encodeURIComponent(text)}`);
      if (asked === text) {
        show(items);
      }
    } catch {
      if (asked === text) {
        close(); // Without a connection Enter still sends the form.
      }
    }
  }

  function take(option) {
    input.value = "";
    close();
    input.blur();
    go(option.dataset.code);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  form.addEventListener("submit", (event) => {
    const option = list.hidden ? null : findAll("[role=option]", list)[chosen];
    if (option) {
      event.preventDefault();
      take(option);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) {
      take(option);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

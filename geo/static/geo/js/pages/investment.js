// Finding a place: every change of the form shows its ranking at once.
import { find, findAll, syncLanguages } from "../lib/page.js";
import { offerSharing } from "../lib/share.js";

const PAUSE_MS = 350;
const MOST_COMPARED = 4;
const WIDE = matchMedia("(min-width: 1000px)");

const form = find("[data-wish]");
const result = find("[data-result]");
const said = find("[data-said]");
let timer = 0;
let asked = 0;

// What is usual or blank says nothing: the address stays one that can be read.
function addressOf() {
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const usual = find(`[name="${CSS.escape(name)}"][data-usual="${CSS.escape(value)}"]`, form);
    if (value !== "" && name !== "f" && !usual) {
      wanted.append(name, value);
    }
  }
  if (![...wanted.keys()].some((name) => /^w\./.test(name))) {
    // An address without any weight would begin with an example again.
    const first = find('[name^="w."]', form);
    wanted.append(first.name, "0");
  }
  return `${form.getAttribute("action")}?${wanted}`;
}

function countTicked() {
  const boxes = findAll('input[name="a"]', result);
  const n = boxes.filter((box) => box.checked).length;
  for (const box of boxes) {
    box.disabled = n >= MOST_COMPARED && !box.checked;
  }
  const button = find("[data-compare]", result);
  if (button) {
    button.disabled = n < 2;
  }
}

// What the form says of the wish, such as how many limits it has, changes with the answer.
function freshen(page) {
  for (const fresh of findAll("template[data-fresh]", page)) {
    const stale = find(`[data-stale="${CSS.escape(fresh.dataset.fresh)}"]`);
    stale?.replaceChildren(document.importNode(fresh.content, true));
    fresh.remove();
  }
  showCurrent();
}

// On a phone the examples are a strip, of which the chosen one may lie outside.
function showCurrent() {
  const current = find(".needs [aria-current]");
  const strip = current?.closest(".needs");
  if (strip) {
    strip.scrollLeft = current.offsetLeft - strip.offsetLeft - strip.clientWidth / 4;
  }
}

function begin() {
  offerSharing(find("[data-share]", result));
  countTicked();
}

async function refresh() {
  const address = addressOf();
  const turn = ++asked;
  const ticked = new Set(findAll('input[name="a"]:checked', result).map((box) => box.value));
  result.classList.add("is-waiting");
  try {
    const answer = await fetch(`${address}&bagian=hasil`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) {
      return; // A newer change has been asked for meanwhile.
    }
    freshen(page);
    result.replaceChildren(...document.adoptNode(page.body).childNodes);
    for (const box of findAll('input[name="a"]', result)) {
      box.checked = ticked.has(box.value);
    }
    history.replaceState(null, "", address);
    syncLanguages();
    said.textContent = find("[data-verdict], [role=alert]", result)?.textContent ?? "";
    begin();
  } catch {
    form.submit(); // Without scripts' way there is still the usual one.
  } finally {
    result.classList.remove("is-waiting");
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
}

function mark(code, isOn) {
  for (const one of findAll(
    `[data-code="${CSS.escape(code)}"], [data-pin="${CSS.escape(code)}"]`,
    result,
  )) {
    one.classList.toggle("is-hovered", isOn);
  }
}

// The level changes what is known of every criterion, and with it the form.
form.addEventListener("change", (event) => (event.target.name === "l" ? form.submit() : soon()));
form.addEventListener("input", (event) => event.target.type === "number" && soon());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  refresh().then(() => result.scrollIntoView({ block: "start" }));
});
result.addEventListener("change", countTicked);
for (const [type, isOn] of [
  ["mouseover", true],
  ["mouseout", false],
]) {
  result.addEventListener(type, (event) => {
    const one = event.target.closest("[data-code], [data-pin]");
    if (one) {
      mark(one.dataset.code ?? one.dataset.pin, isOn);
    }
  });
}
if (WIDE.matches) {
  for (const step of findAll("[data-step]", form)) {
    step.open = true;
  }
}
begin();
showCurrent();

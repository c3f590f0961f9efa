// The map page: Leaflet takes over the picture that the server drew; every step
// changes the address, and the server answers with what changes on the page.
import { find, findAll, isPlainClick, readJson, syncLanguages } from "../lib/page.js";
import { startSearch } from "../lib/search.js";
import { startSheet } from "../lib/sheet.js";
import { openMap } from "../map/adapter.js";
import { keepHatch, paint, readRows, startHover } from "../map/highlight.js";
import { startPeriods, syncPeriods } from "../map/periods.js";
import { addressOfIndicator, ask, completeRows, keep, keepLists, startRare } from "../map/steps.js";

// Most readers look and leave: what draws finer outlines comes when it is needed.
const outlines = () => import("../map/outlines.js");
const classes = () => import("../map/classes.js");

const stage = find("#stage");
const free = find(".stage__free", stage);
const messages = Object.fromEntries(findAll("[data-message]").map((m) => [m.dataset.message, m]));
let facts = readJson("map-facts");
let rows = readRows();
let svg = find("[data-first-picture] svg");
let drawn = facts.outline; // the address of the outlines that the picture shows
let isDetailed = false;
let visit = 0;
let shown = location.href;
let homeZoom = Infinity;

const CLOSER = 0.4; // zoom steps after which the coarse picture begins to show its corners

const map = openMap(find("#map"), {
  label: stage.getAttribute("aria-label"),
  onClick: chooseArea,
  onZoom: detail,
});
const hover = startHover(
  stage,
  () => svg,
  () => rows,
);
const periods = startPeriods(
  stage,
  () => facts,
  (address) => go(address, { replace: true }),
);
const sheet = startSheet(document.body, () => setTimeout(() => fit(false), 220));

let layers = null; // comes when the first layer is asked for

async function showLayers() {
  if (!layers && find("[data-layer]:checked", stage)) {
    const { startLayers } = await import("../map/layers.js");
    layers ??= startLayers({ stage, map, failed: () => say("offline") });
  }
  await layers?.refresh();
}

function say(name) {
  messages[name].hidden = false;
  setTimeout(() => {
    messages[name].hidden = true;
  }, 6000);
}

function fit(animate) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (facts.bounds) {
    homeZoom = map.fit(facts.bounds, free, { animate: animate && !calm });
  }
}

function lay(drawing) {
  svg = drawing;
  map.show(svg, facts.bounds);
  if (svg) {
    keepHatch(svg);
  }
}

// The picture in the page is coarse; who looks closer gets the finer outlines.
async function detail(zoom) {
  if (svg) {
    keepHatch(svg);
  }
  const wanted = facts;
  if (!isDetailed && wanted.outline && zoom > homeZoom + CLOSER) {
    isDetailed = true;
    const drawing = await draw(wanted).catch(() => null);
    if (drawing && wanted.outline === facts.outline) {
      paint(drawing, rows);
      lay(drawing);
    } else if (!drawing) {
      isDetailed = false;
    }
  }
}

const draw = async (wanted) => (await outlines()).draw(wanted);

function replacePart(answer, selector) {
  find(selector).replaceWith(find(selector, answer));
}

async function show(address) {
  const turn = ++visit;
  document.body.classList.add("is-loading");
  try {
    const { search } = new URL(address, location.href);
    const answer = await ask(search, facts);
    if (!answer.ok) {
      if (turn === visit) {
        location.href = address; // The whole page says what is wrong.
      }
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = JSON.parse(find("#map-facts", page).textContent);
    const drawing = next.outline === drawn ? svg : await draw(next);
    if (turn === visit) {
      change(page, next, drawing); // All that it needs is here: nothing is half changed.
    }
  } catch {
    if (turn === visit) {
      say("offline");
      history.replaceState(null, "", shown);
    }
  } finally {
    if (turn === visit) {
      document.body.classList.remove("is-loading");
    }
  }
}

function change(page, next, drawing) {
  const held = document.activeElement?.closest(".tools--top, .tools--bottom, .stage__map");
  const panel = find("#panel");
  keepLists(page, next);
  completeRows(find("#table", page), rows);
  panel.replaceChildren(...find("#panel", page).childNodes);
  panel.scrollTop = 0;
  document.title = find("#panel", page).dataset.title;
  replacePart(page, ".tools--top");
  if (String(next.periods) !== String(facts.periods) || !syncPeriods(stage, next)) {
    replacePart(page, ".tools--bottom");
  } else {
    replacePart(page, ".compare");
  }
  facts = next;
  rows = readRows();
  shown = location.href;
  syncLanguages();
  hover.clear();
  ready();
  keepFocus(panel, held);
  if (drawing) {
    paint(drawing, rows);
  }
  if (drawing !== svg) {
    isDetailed = true;
    drawn = facts.outline;
    lay(drawing);
    fit(true);
  }
}

// Whoever steps by keyboard goes on from where the step was made, not from the top.
function keepFocus(panel, held) {
  if (!held) {
    panel.focus({ preventScroll: true });
  } else if (!held.isConnected) {
    find(`.${held.className.split(" ").join(".")} a`)?.focus({ preventScroll: true });
  }
}

// Playing through time leaves no trail in the history: Back leads to where it began.
function go(wanted, { replace = false } = {}) {
  const address = keep(wanted, stage, facts);
  if (replace) {
    history.replaceState(null, "", address);
  } else {
    periods.stop();
    history.pushState(null, "", address);
    sheet.half();
  }
  return show(address);
}

function addressOf(code) {
  const query = new URLSearchParams(location.search);
  query.delete("l");
  query.set("a", code);
  return `?${query}`;
}

function chooseArea(event) {
  const code = event.target.closest?.("[data-code]")?.dataset.code;
  if (code) {
    go(addressOf(code));
  }
}

async function locate() {
  const { locate: find } = await import("../map/locate.js");
  find(facts.villages, { found: (code) => go(addressOf(code)), say });
}

// What must be done again whenever the panel has been replaced.
function ready() {
  showLayers();
  find("[data-share]").hidden = !(navigator.share || navigator.clipboard);
  findAll(".legend button[data-class]").forEach((button, i) => {
    button.tabIndex = i === 0 ? 0 : -1; // one stop for the keyboard; arrows lead on
  });
  find(".segments--scroll [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

async function chooseClass(button) {
  const { chooseClass: choose } = await classes();
  choose(button, rows);
  shown = location.href;
  if (svg) {
    paint(svg, rows);
  }
}

document.addEventListener("click", (event) => {
  if (
    isPlainClick(event) &&
    startRare(event.target, { chooseClass, failed: () => say("offline") })
  ) {
    event.preventDefault();
    return;
  }
  const link = event.target.closest?.("a[href]");
  if (!link || !isPlainClick(event) || link.hasAttribute("download")) {
    return;
  }
  const { pathname, origin } = new URL(link.href, location.href);
  if (link.closest("svg")) {
    event.preventDefault(); // Leaflet tells a click from a drag and calls chooseArea.
  } else if (origin === location.origin && pathname === location.pathname && !link.hash) {
    event.preventDefault();
    go(link.matches("[data-indicator]") ? addressOfIndicator(link) : link.getAttribute("href"));
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-step]")) {
    event.preventDefault();
    go(`?${new URLSearchParams(new FormData(event.target))}`);
  }
});
stage.addEventListener("change", ({ target }) => {
  if (target.matches("[data-layer]")) {
    history.replaceState(null, "", keep(location.href, stage, facts));
    shown = location.href;
    syncLanguages();
    showLayers();
  }
});
document.addEventListener("keydown", async (event) => {
  if (event.key.startsWith("Arrow") && event.target.matches(".legend button[data-class]")) {
    event.preventDefault();
    (await classes()).stepAlong(event);
  }
  if (event.key === "Escape") {
    find("[data-touched]", stage).hidden = true;
    for (const sheet of findAll("[data-layers][open], [data-compare][open]")) {
      sheet.removeAttribute("open");
    }
    const picker = find("[data-picker][open]");
    picker?.removeAttribute("open");
    picker?.querySelector("summary").focus();
  }
});
addEventListener("popstate", () => {
  // A fragment, as that of the skip link, leads elsewhere on the page that is shown already.
  const isShown = location.search === new URL(shown).search;
  if (!isShown || document.body.classList.contains("is-loading")) {
    show(location.href);
  }
});
addEventListener("resize", () => {
  map.resized();
  fit(false);
});

find("[data-zoom]").hidden = false;
for (const button of findAll("[data-zoom-by]")) {
  button.addEventListener("click", () => map.zoomBy(Number(button.dataset.zoomBy)));
}
find("[data-fit]").addEventListener("click", () => fit(true));
const here = find("[data-locate]");
here.hidden = !(isSecureContext && navigator.geolocation && facts.villages);
here.addEventListener("click", locate);
startSearch(find("form.search"), (code) => go(addressOf(code)));

fit(false);
if (svg) {
  lay(svg);
  map.holdWithin(facts.whole);
}
ready();

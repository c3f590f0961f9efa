// Colours, hover and choice on the drawing: always those of the table beside it.
import { find, findAll } from "../lib/page.js";

const SVG = "http://www.w3.org/2000/svg";

export function readRows() {
  return new Map(findAll("#table tbody tr").map((row) => [row.dataset.code, row]));
}

function outline(svg, className, d) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", className);
  path.setAttribute("d", d);
  find(".map-picture__chosen", svg).append(path);
}

function pathOf(svg, code) {
  return find(`.map-picture__areas [data-code="${code}"]`, svg);
}

// Counts are circles: "x y radius colour", in the drawing's units, the largest below.
function drawCircles(svg, rows) {
  find(".map-picture__circles", svg)?.remove();
  const circles = [...rows.values()]
    .filter((row) => row.dataset.circle && !row.hidden)
    .map((row) => row.dataset.circle.split(" "))
    .sort((a, b) => b[2] - a[2])
    .map((values) => {
      const circle = document.createElementNS(SVG, "circle");
      ["cx", "cy", "r", "fill"].forEach((name, i) => {
        circle.setAttribute(name, values[i]);
      });
      return circle;
    });
  if (circles.length > 0) {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "map-picture__circles");
    group.append(...circles);
    find(".map-picture__chosen", svg).before(group);
  }
}

export function paint(svg, rows) {
  find(".map-picture__chosen", svg).replaceChildren();
  drawCircles(svg, rows);
  const { quiet } = find("#table").dataset;
  for (const path of findAll(".map-picture__areas [data-code]", svg)) {
    const row = rows.get(path.dataset.code);
    path.setAttribute("fill", row?.hidden ? quiet : (row?.dataset.fill ?? "url(#hatch)"));
    if (row?.hasAttribute("aria-current")) {
      outline(svg, "map-picture__halo", path.getAttribute("d"));
      outline(svg, "map-picture__selected", path.getAttribute("d"));
    }
  }
}

// Hatching keeps its width on the screen, however far one zooms in.
export function keepHatch(svg) {
  const unitsPerPx = 1000 / Math.max(svg.getBoundingClientRect().width, 1);
  for (const hatch of findAll("pattern", svg)) {
    hatch.setAttribute("patternTransform", `rotate(45) scale(${Math.min(unitsPerPx, 2)})`);
  }
}

function describe(tooltip, row) {
  const link = find("a", row);
  const name = document.createElement("span");
  name.textContent = link.firstChild.textContent;
  const value = document.createElement("b");
  const cell = find(".ranking__value", row);
  const unit = find(".panel__unit")?.textContent ?? "";
  value.textContent = row.dataset.x ? `${cell.firstChild.textContent} ${unit}` : cell.textContent;
  const above = document.createElement("small");
  above.textContent = find("small", link)?.textContent ?? "";
  tooltip.replaceChildren(name, value, above);
}

export function startHover(stage, getSvg, getRows) {
  const tooltip = find("[data-tooltip]", stage);
  let hovered = null;

  function clear() {
    hovered = null;
    tooltip.hidden = true;
    find(".map-picture__hovered", stage)?.remove();
    find(".ranking .is-hovered")?.classList.remove("is-hovered");
    find("[data-mark]")?.removeAttribute("d");
  }

  function mark(code) {
    clear();
    const row = getRows().get(code);
    if (!row) {
      return;
    }
    hovered = code;
    row.classList.add("is-hovered");
    const path = pathOf(getSvg(), code);
    if (path) {
      outline(getSvg(), "map-picture__hovered", path.getAttribute("d"));
    }
    const { x } = row.dataset;
    if (x) {
      find("[data-mark]")?.setAttribute("d", `M${x} 0V74`);
    }
  }

  function follow(event) {
    const room = stage.getBoundingClientRect();
    const x = event.clientX - room.left;
    const y = event.clientY - room.top;
    const left = x + tooltip.offsetWidth + 24 > room.width ? x - tooltip.offsetWidth - 14 : x + 14;
    tooltip.style.transform = `translate(${left}px, ${Math.max(y - 20, 4)}px)`;
  }

  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") {
      return;
    }
    const code = event.target.closest?.(".map-picture__areas [data-code]")?.dataset.code;
    if (code !== hovered) {
      mark(code);
      const row = getRows().get(code);
      tooltip.hidden = !row;
      if (row) {
        describe(tooltip, row);
      }
    }
    if (code) {
      follow(event);
    }
  });
  stage.addEventListener("pointerleave", clear);
  const panel = find("#panel");
  const rowOf = (event) => event.target.closest?.("#table tbody tr")?.dataset.code;
  panel.addEventListener("pointerover", (event) => {
    if (rowOf(event) !== hovered) {
      mark(rowOf(event));
    }
  });
  panel.addEventListener("pointerleave", clear);
  panel.addEventListener("focusin", (event) => mark(rowOf(event)));
  return { clear };
}

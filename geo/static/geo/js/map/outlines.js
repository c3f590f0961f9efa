// Outlines travel as TopoJSON; here they become the same SVG that the server draws.
import feature from "../../../topojson/feature.js";
import mesh from "../../../topojson/mesh.js";
import { fetchJson } from "../lib/page.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const cache = new Map();

export function loadOutlines(address) {
  if (!cache.has(address)) {
    const loading = fetchJson(address);
    loading.catch(() => cache.delete(address));
    cache.set(address, loading);
  }
  return cache.get(address);
}

// Web Mercator northing in degrees, as lib/pictures.py has it.
function mercator(lat) {
  return (Math.asinh(Math.tan((lat * Math.PI) / 180)) * 180) / Math.PI;
}

function pathWriter([west, , east, north]) {
  const scale = WIDTH / (east - west);
  const top = mercator(north);
  const write = ([lon, lat]) =>
    `${((lon - west) * scale).toFixed(1)} ${((top - mercator(lat)) * scale).toFixed(1)}`;
  const line = (points) => `M${points.map(write).join("L")}`;
  return {
    polygon: (geometry) => {
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      return polygons
        .flat()
        .map((ring) => `${line(ring.slice(0, -1))}Z`)
        .join("");
    },
    lines: (geometry) => geometry.coordinates.map(line).join(""),
    heightTo: (south) => (top - mercator(south)) * scale,
  };
}

function make(name, attributes, children = []) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function parts(topology) {
  return topology.objects.areas.geometries.filter((geometry) => geometry.type);
}

function drawPaths(topology, writer, without) {
  return parts(topology)
    .filter(({ id }) => id !== without)
    .map((geometry) =>
      make("path", {
        "data-code": geometry.id,
        d: writer.polygon(feature(topology, geometry).geometry),
      }),
    );
}

const above = (code) => code.slice(0, code.lastIndexOf("."));

function drawLines(topology, writer, isVillages) {
  const borders = mesh(
    topology,
    topology.objects.areas,
    (a, b) => a === b || (isVillages && above(a.id) !== above(b.id)),
  );
  return make("path", { class: "map-picture__lines", d: writer.lines(borders) });
}

// Draw one scope: its areas, the districts around it, and the borders above.
export function drawScope(topology, around, facts) {
  const writer = pathWriter(facts.bounds);
  const height = writer.heightTo(facts.bounds[1]);
  const hatches = [...document.querySelectorAll(".map-picture pattern")];
  const copies = hatches.map((hatch) => hatch.cloneNode(true));
  const groups = [make("defs", {}, copies)];
  if (around) {
    const paths = drawPaths(around, writer, facts.scope);
    groups.push(make("g", { class: "map-picture__context" }, paths));
  }
  groups.push(make("g", { class: "map-picture__areas" }, drawPaths(topology, writer)));
  groups.push(drawLines(topology, writer, facts.level === "village"));
  groups.push(make("g", { class: "map-picture__chosen" }));
  return make(
    "svg",
    {
      class: `map-picture${facts.estimate ? " is-estimate" : ""}`,
      viewBox: `0 0 ${WIDTH} ${height.toFixed(1)}`,
      "aria-hidden": "true",
    },
    groups,
  );
}

// The drawing of the areas that `wanted` names; null where none has a boundary.
export async function draw(wanted) {
  if (!wanted.outline) {
    return null;
  }
  const [topology, around] = await Promise.all([
    loadOutlines(wanted.outline),
    wanted.context && loadOutlines(wanted.context),
  ]);
  return drawScope(topology, around, wanted);
}

function isInRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
      inside = !inside;
    }
  }
  return inside;
}

// The code of the area that covers a point (lon, lat), or undefined.
export function areaAt(topology, point) {
  return parts(topology).find((geometry) => {
    const { type, coordinates } = feature(topology, geometry).geometry;
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    return polygons.some(
      ([outer, ...holes]) => isInRing(point, outer) && !holes.some((hole) => isInRing(point, hole)),
    );
  })?.id;
}

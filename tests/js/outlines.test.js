// Outlines: from TopoJSON to paths, and from a point to its area.
// Run by tests/js/test_scripts.py, which lays the modules out as the site serves them.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

// Just enough of a document to draw into.
function element(name) {
  const attributes = {};
  return {
    name,
    attributes,
    children: [],
    setAttribute: (key, value) => {
      attributes[key] = String(value);
    },
    append(...children) {
      this.children.push(...children);
    },
    cloneNode: () => element(name),
  };
}
globalThis.document = {
  createElementNS: (_, name) => element(name),
  querySelectorAll: () => [element("pattern"), element("pattern")],
};

const { areaAt, drawScope, loadOutlines } = await import(`${process.env.STATIC}/map/outlines.js`);

// Two squares of one degree side by side, quantised to whole degrees; the eastern
// one has a hole of half a degree. A third area has no boundary.
const SQUARES = {
  type: "Topology",
  transform: { scale: [0.25, 0.25], translate: [104, -1] },
  arcs: [
    [
      [4, 0],
      [0, 4],
    ],
    [
      [4, 4],
      [-4, 0],
      [0, -4],
      [4, 0],
    ],
    [
      [4, 0],
      [4, 0],
      [0, 4],
      [-4, 0],
    ],
    [
      [5, 1],
      [0, 2],
      [2, 0],
      [0, -2],
      [-2, 0],
    ],
  ],
  objects: {
    areas: {
      type: "GeometryCollection",
      geometries: [
        { id: "1.1.1", type: "Polygon", arcs: [[0, 1]] },
        { id: "1.2.1", type: "MultiPolygon", arcs: [[[2, -1], [3]]] },
        { id: "1.2.2", type: null },
      ],
    },
  },
};
const FACTS = { bounds: [104, -1, 106, 0], scope: "1", level: "village", estimate: false };
const part = (svg, name) =>
  svg.children.find((child) => child.attributes.class === `map-picture__${name}`);

test("a point is found in its area, not in a hole and not at sea", () => {
  assert.equal(areaAt(SQUARES, [104.5, -0.5]), "1.1.1");
  assert.equal(areaAt(SQUARES, [105.1, -0.9]), "1.2.1");
  assert.equal(areaAt(SQUARES, [105.5, -0.5]), undefined);
  assert.equal(areaAt(SQUARES, [103.9, -0.5]), undefined);
  assert.equal(areaAt(SQUARES, [104.5, 0.1]), undefined);
});

test("areas are drawn in Web Mercator, a thousand units wide", () => {
  const svg = drawScope(SQUARES, null, FACTS);
  const [west, east] = part(svg, "areas").children;
  assert.equal(west.attributes["data-code"], "1.1.1");
  const numbers = west.attributes.d.match(/[\d.]+/g).map(Number);
  assert.equal(Math.max(...numbers.filter((_, i) => i % 2 === 0)), 500);
  // ln(tan(45° + 0.5°)) in degrees is 1.00005: one degree of latitude, 500.03 units.
  assert.equal(Math.max(...numbers.filter((_, i) => i % 2 === 1)), 500);
  assert.equal(svg.attributes.viewBox, "0 0 1000 500.0");
  assert.equal(east.attributes.d.match(/Z/g).length, 2, "outer ring and hole");
  assert.equal(part(svg, "areas").children.length, 2, "without boundary, without path");
});

test("an estimate is marked, and context leaves the scope out", () => {
  const svg = drawScope(SQUARES, SQUARES, { ...FACTS, scope: "1.1.1", estimate: true });
  assert.equal(svg.attributes.class, "map-picture is-estimate");
  assert.deepEqual(
    part(svg, "context").children.map((path) => path.attributes["data-code"]),
    ["1.2.1"],
  );
});

// Whether a drawing of lines holds the border between the two squares.
function hasInnerBorder(svg) {
  const runs = part(svg, "lines").attributes.d.split("M").filter(Boolean);
  return runs.some((run) => {
    const points = run.split("L");
    return points.some((point, i) => [point, points[i + 1]].every((p) => p?.startsWith("500.0 ")));
  });
}

test("borders above show between villages of two districts only", () => {
  assert.equal(hasInnerBorder(drawScope(SQUARES, null, FACTS)), true);
  assert.equal(hasInnerBorder(drawScope(SQUARES, null, { ...FACTS, level: "district" })), false);
  const oneDistrict = structuredClone(SQUARES);
  oneDistrict.objects.areas.geometries[1].id = "1.1.2";
  assert.equal(hasInnerBorder(drawScope(oneDistrict, null, FACTS)), false);
});

let asked = 0;
beforeEach(() => {
  asked = 0;
});

test("outlines are fetched once, and again after a failure", async () => {
  globalThis.fetch = async () => {
    asked += 1;
    return { ok: asked > 1, status: 503, json: async () => SQUARES };
  };
  await assert.rejects(loadOutlines("/one.json"), /503/);
  assert.equal(await loadOutlines("/one.json"), SQUARES);
  await loadOutlines("/one.json");
  assert.equal(asked, 2);
});

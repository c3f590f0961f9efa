// Places and roads over the areas: fetched when asked for, kept in the address.
import { fetchJson, find, findAll } from "../lib/page.js";
import { cluster } from "./clusters.js";

const cache = new Map();

function load(address) {
  if (!cache.has(address)) {
    const loading = fetchJson(address);
    loading.catch(() => cache.delete(address));
    cache.set(address, loading);
  }
  return cache.get(address);
}

// Each layer's checkbox says where its data lie and which card a thing of it has.
function layerOf(box) {
  const { kind, address, card } = box.dataset;
  return { code: box.value, kind, address, card, box };
}

function iconOf(box) {
  const icon = find("svg", box.closest("label")).cloneNode(true);
  icon.removeAttribute("aria-hidden");
  return icon;
}

async function roadsOf(layer) {
  const [{ default: feature }, topology] = await Promise.all([
    import("../../../topojson/feature.js"),
    load(layer.address),
  ]);
  const { features } = feature(topology, Object.values(topology.objects)[0]);
  return features.map(({ id, properties, geometry }) => ({
    code: id ?? properties.number,
    name: properties.name,
    condition: properties.condition,
    lines: geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates,
  }));
}

async function placesOf(layer) {
  const { ids, lon, lat, names, scale } = await load(layer.address);
  let [x, y] = [0, 0]; // whole numbers, each the difference to the one before
  return ids.map((id, i) => {
    x += lon[i];
    y += lat[i];
    return { id, lon: x / scale, lat: y / scale, name: names[i], layer };
  });
}

// The card of a road or place that was touched, as the server writes it.
function startCard(stage, failed) {
  const card = find("[data-touched]", stage);
  find("[data-card-close]", card).addEventListener("click", () => {
    card.hidden = true;
  });
  return async (address) => {
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) {
      failed();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    find("[data-card-content]", card).replaceChildren(...page.body.childNodes);
    card.hidden = false;
    card.focus({ preventScroll: true });
  };
}

export function startLayers({ stage, map, failed }) {
  const openCard = startCard(stage, failed);
  let shown = new Map(); // what is drawn of each layer of lines: a function that removes it
  let places = [];
  let wipe = () => {};
  let turn = 0;

  const boxes = () => findAll("[data-layer]:checked", stage).map(layerOf);

  function drawPlaces() {
    wipe();
    const here = cluster(places, map.project, map.view());
    wipe = map.drawMarkers(here, {
      icon: (place) => iconOf(place.layer.box),
      open: (place) => openCard(place.layer.card.replace("CODE", place.id)),
    });
  }

  async function refresh() {
    turn += 1;
    const mine = turn;
    const wanted = boxes();
    try {
      const lines = wanted.filter(({ kind }) => kind === "lines");
      const drawn = await Promise.all(lines.map(async (layer) => [layer, await roadsOf(layer)]));
      const points = await Promise.all(
        wanted.filter(({ kind }) => kind === "points").map(placesOf),
      );
      if (mine !== turn) {
        return;
      }
      for (const remove of shown.values()) {
        remove();
      }
      shown = new Map(
        drawn.map(([layer, roads]) => [
          layer.code,
          map.drawRoads(roads, (code) =>
            openCard(layer.card.replace("CODE", encodeURIComponent(code))),
          ),
        ]),
      );
      stage.classList.toggle("has-lines", drawn.length > 0);
      places = points.flat();
      drawPlaces();
    } catch {
      failed();
    }
  }

  map.onMove(() => places.length > 0 && drawPlaces());
  return { refresh, codes: () => boxes().map(({ code }) => code) };
}

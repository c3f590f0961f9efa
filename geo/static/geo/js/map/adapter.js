// Every call to Leaflet stands here, so that another map library could take its place.
/* global L */

const MAX_ZOOM = 17;

function corners([west, south, east, north]) {
  return new L.LatLngBounds([south, west], [north, east]);
}

// The part of the stage that nothing covers, as Leaflet's paddings.
function paddings(map, free) {
  const stage = map.getContainer().getBoundingClientRect();
  const room = free.getBoundingClientRect();
  return {
    paddingTopLeft: [room.left - stage.left, room.top - stage.top],
    paddingBottomRight: [stage.right - room.right, stage.bottom - room.bottom],
  };
}

function roadLines(map, roads, open) {
  if (!map.getPane("roads")) {
    map.createPane("roads").style.zIndex = 450; // over the areas, under the markers
  }
  const renderer = new L.SVG({ pane: "roads", padding: 0.3 });
  const swapped = (line) => line.map(([lon, lat]) => [lat, lon]);
  const all = roads.flatMap(({ lines }) => lines.map(swapped));
  const casing = { renderer, pane: "roads", color: "#fff", weight: 5, interactive: false };
  const group = new L.FeatureGroup([new L.Polyline(all, casing)]);
  for (const { code, lines, condition } of roads) {
    const path = lines.map(swapped);
    const className = `road road--${condition ?? "unsurveyed"}`;
    const line = new L.Polyline(path, { renderer, pane: "roads", className, weight: 3 });
    line.options.bubblingMouseEvents = false; // a touched road is not a touched area
    line.on("click", () => open(code)).addTo(group);
  }
  return group.addTo(map);
}

// Markers are no stops for the keyboard: the list of places serves it better.
function marker({ points, lat, lon }, { icon, open }, zoomTo) {
  const [first] = points;
  const isOne = points.length === 1;
  const count = document.createElement("span");
  count.textContent = points.length;
  const html = isOne ? icon(first) : count;
  const className = isOne ? "pin" : "pin pin--many";
  const size = isOne ? 30 : Math.min(30 + 4 * Math.log2(points.length), 54);
  const options = { html, className, iconSize: [size, size] };
  return new L.Marker([lat, lon], {
    icon: new L.DivIcon(options),
    keyboard: false,
    title: isOne ? first.name : "",
    alt: isOne ? first.name : "",
  }).on("click", () => (isOne ? open(first) : zoomTo(points)));
}

export function openMap(element, { label, onClick, onZoom }) {
  // It is a stop for the keyboard (arrows, plus and minus), and so needs a name.
  element.setAttribute("role", "application");
  element.setAttribute("aria-label", label);
  const map = new L.Map(element, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0,
    zoomDelta: 0.75,
    wheelPxPerZoomLevel: 90,
    maxZoom: MAX_ZOOM,
    maxBoundsViscosity: 0.7,
    bounceAtZoomLimits: false,
  });
  let overlay = null;
  map.on("click", (event) => onClick(event.originalEvent));
  map.on("zoomend", () => onZoom(map.getZoom()));

  return {
    // Lay an SVG drawing (or none) between its bounds, in place of the one before.
    show(svg, bounds) {
      const before = overlay;
      overlay = svg && new L.SVGOverlay(svg, corners(bounds), { className: "map-picture" });
      overlay?.addTo(map);
      before?.remove();
    },
    // Show all within the bounds in the free part of the stage; answers with that zoom.
    fit(bounds, free, { animate }) {
      const options = { ...paddings(map, free), animate, duration: 0.5, maxZoom: MAX_ZOOM };
      const { paddingTopLeft, paddingBottomRight } = options;
      const padding = new L.Point(...paddingTopLeft).add(paddingBottomRight);
      const zoom = map.getBoundsZoom(corners(bounds), false, padding);
      if (animate) {
        map.flyToBounds(corners(bounds), options);
      } else {
        map.fitBounds(corners(bounds), options);
      }
      return zoom;
    },
    // Nobody gets lost at sea: a step further out than the whole, and not far beside it.
    holdWithin(bounds) {
      map.setMinZoom(map.getZoom() - 1);
      map.setMaxBounds(corners(bounds).pad(1));
    },
    // Pixels of a place at the present zoom, and the part of them that is seen.
    project: (lat, lon) => map.project([lat, lon]),
    view() {
      const { min, max } = map.getPixelBounds();
      return { left: min.x, right: max.x, top: min.y, bottom: max.y };
    },
    onMove: (moved) => map.on("moveend", moved),
    drawRoads(roads, open) {
      const group = roadLines(map, roads, open);
      return () => group.remove();
    },
    drawMarkers(clusters, what) {
      const zoomTo = (points) => {
        const bounds = new L.LatLngBounds(points.map(({ lat, lon }) => [lat, lon]));
        map.flyToBounds(bounds.pad(0.3), { maxZoom: Math.max(map.getZoom() + 2, 13) });
      };
      const group = new L.LayerGroup(clusters.map((one) => marker(one, what, zoomTo)));
      group.addTo(map);
      return () => group.remove();
    },
    zoomBy: (steps) => map.setZoom(map.getZoom() + steps * map.options.zoomDelta),
    // The end of the move is told late: told at once, the map would begin to glide back
    // within its bounds while the whole is being fitted, and end beside it.
    resized: () => map.invalidateSize({ animate: false, debounceMoveend: true }),
    container: map.getContainer(),
  };
}

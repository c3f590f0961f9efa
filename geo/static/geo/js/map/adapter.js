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
    zoomBy: (steps) => map.setZoom(map.getZoom() + steps * map.options.zoomDelta),
    // The end of the move is told late: told at once, the map would begin to glide back
    // within its bounds while the whole is being fitted, and end beside it.
    resized: () => map.invalidateSize({ animate: false, debounceMoveend: true }),
    container: map.getContainer(),
  };
}

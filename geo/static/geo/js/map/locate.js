// In which village the reader stands, as far as the device can tell.
import { areaAt, loadOutlines } from "./outlines.js";

export async function locate(villages, { found, say }) {
  const topology = await loadOutlines(villages);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const code = areaAt(topology, [coords.longitude, coords.latitude]);
      if (code) {
        found(code);
      } else {
        say("outside");
      }
    },
    () => say("unlocated"),
    { enableHighAccuracy: true, timeout: 15000 },
  );
}

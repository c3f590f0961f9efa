// Points that would lie on each other are drawn as one, with their number.

const CELL_PX = 56;
const MARGIN_PX = 80;

// `project` gives pixels of (lat, lon) at the present zoom; `view` the corners of what is seen.
export function cluster(points, project, view) {
  const cells = new Map();
  for (const point of points) {
    const { x, y } = project(point.lat, point.lon);
    const isSeen =
      x > view.left - MARGIN_PX &&
      x < view.right + MARGIN_PX &&
      y > view.top - MARGIN_PX &&
      y < view.bottom + MARGIN_PX;
    if (isSeen) {
      const key = `${Math.floor(x / CELL_PX)}:${Math.floor(y / CELL_PX)}`;
      const cell = cells.get(key) ?? { points: [], lat: 0, lon: 0 };
      cell.points.push(point);
      cell.lat += point.lat;
      cell.lon += point.lon;
      cells.set(key, cell);
    }
  }
  return [...cells.values()].map(({ points: members, lat, lon }) => ({
    points: members,
    lat: lat / members.length,
    lon: lon / members.length,
  }));
}

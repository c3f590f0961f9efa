// Cells that two persons wrote: both figures are shown, and one is chosen for each.
import { find } from "../lib/page.js";

export class Conflicts {
  constructor(boxes, changed) {
    this.boxes = boxes;
    this.changed = changed;
    this.open = new Set();
    for (const [code, box] of boxes) {
      find("[data-take]", box)?.addEventListener("click", () => this.choose(code, true));
      find("[data-mine]", box)?.addEventListener("click", () => this.choose(code, false));
    }
  }

  show(cells) {
    for (const { column, theirs } of cells) {
      const box = this.boxes.get(column);
      const shown = box && find("[data-theirs]", box);
      if (shown) {
        shown.hidden = false;
        find("[data-theirs-figure]", box).textContent = theirs || "–";
        shown.dataset.figure = theirs;
        this.open.add(column);
      }
    }
  }

  choose(code, takesTheirs) {
    const box = this.boxes.get(code);
    const shown = find("[data-theirs]", box);
    const input = find("input", box);
    if (takesTheirs) {
      input.value = shown.dataset.figure;
    }
    shown.hidden = true;
    this.open.delete(code);
    this.changed();
    input.focus();
  }

  // The first field of which nobody has said yet which figure is right.
  get first() {
    const [code] = this.open;
    return code && this.boxes.get(code);
  }
}

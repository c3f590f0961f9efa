// The bottom sheet of phones: peek, half or full, by button, key or drag.
import { find } from "./page.js";

const STEPS = ["peek", "half", "full"];
const DRAG_PX = 30;

export function startSheet(body, changed) {
  let from = null;

  function set(step) {
    body.dataset.sheet = STEPS[Math.min(Math.max(step, 0), STEPS.length - 1)];
    changed();
  }

  const current = () => STEPS.indexOf(body.dataset.sheet);
  const isHandle = (event) => event.target.closest?.("[data-sheet-handle]");

  body.addEventListener("pointerdown", (event) => {
    if (isHandle(event)) {
      from = event.clientY;
      event.target.setPointerCapture(event.pointerId);
    }
  });
  body.addEventListener("pointerup", (event) => {
    if (from === null) {
      return;
    }
    const moved = from - event.clientY;
    from = null;
    if (Math.abs(moved) > DRAG_PX) {
      set(current() + Math.sign(moved) * (Math.abs(moved) > 260 ? 2 : 1));
      body.dataset.dragged = "yes";
    }
  });
  body.addEventListener("click", (event) => {
    if (isHandle(event)) {
      if (body.dataset.dragged) {
        delete body.dataset.dragged;
      } else {
        set(current() === 2 ? 0 : current() + 1);
      }
    } else if (event.target.closest?.("[data-picker] > summary")) {
      set(2); // Choosing needs room.
    }
  });
  return {
    atLeastHalf: () => current() === 0 && set(1),
    half: () => current() !== 1 && set(1),
    free: () => find(".stage__free"),
  };
}

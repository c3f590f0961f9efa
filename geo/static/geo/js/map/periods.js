// Moving through time: slider, list and play, all over the same list of periods.
import { find } from "../lib/page.js";

const PAUSE_MS = 140;
const STEP_MS = 1100;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export function startPeriods(stage, getFacts, go) {
  let timer = 0;
  let playing = 0; // which turn of playing it is
  let isPlaying = false;

  const at = () => getFacts().periods.indexOf(getFacts().period);

  // A change is shown of the periods after the one that it is compared with.
  const first = () => getFacts().periods.indexOf(getFacts().since) + 1;

  function goTo(index) {
    const query = new URLSearchParams(location.search);
    query.set("t", getFacts().periods[index]);
    if (index < first()) {
      query.delete("dari"); // Nothing lies between.
    }
    return go(`?${query}`);
  }

  // The button is replaced with every step: what it shows is set anew, what holds is kept here.
  function mark() {
    find("[data-play]", stage)?.setAttribute("aria-pressed", String(isPlaying));
  }

  function stop() {
    playing += 1;
    isPlaying = false;
    mark();
  }

  async function play() {
    playing += 1;
    isPlaying = true;
    mark();
    const turn = playing;
    let index = at();
    while (turn === playing) {
      index = index + 1 < getFacts().periods.length ? index + 1 : first();
      const pause = wait(STEP_MS);
      await goTo(index);
      mark();
      await pause;
      if (turn === playing && index === getFacts().periods.length - 1) {
        stop();
      }
    }
  }

  stage.addEventListener("click", (event) => {
    if (event.target.closest("[data-play]")) {
      if (isPlaying) {
        stop();
      } else {
        play();
      }
    }
  });
  stage.addEventListener("input", ({ target }) => {
    if (target.matches("[data-range]")) {
      stop();
      find("[data-period-list]", stage).selectedIndex = Number(target.value);
      clearTimeout(timer);
      timer = setTimeout(() => goTo(Number(target.value)), PAUSE_MS);
    }
  });
  stage.addEventListener("change", ({ target }) => {
    if (target.matches("[data-period-list]")) {
      stop();
      goTo(target.selectedIndex);
    }
  });
  return { stop };
}

// The same slider for the same periods: only where it stands changes.
export function syncPeriods(stage, facts) {
  const range = find("[data-range]", stage);
  if (range) {
    range.value = facts.periods.indexOf(facts.period);
    const list = find("[data-period-list]", stage);
    list.selectedIndex = Number(range.value);
    range.setAttribute("aria-valuetext", list.selectedOptions[0].textContent);
  }
  return Boolean(range);
}

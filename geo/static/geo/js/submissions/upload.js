// Choosing or dropping a file sends it at once, in pieces; without scripts the form sends it whole.
import { Refused, SignedOut, sendInPieces } from "../lib/chunks.js";
import { find, findAll } from "../lib/page.js";

export function startUploads() {
  for (const form of findAll("[data-upload]")) {
    const input = find("input[type=file]", form);
    input.addEventListener("change", () => input.files[0] && send(form, input.files[0]));
  }
  for (const zone of findAll("[data-drop]")) {
    takeDrops(zone);
  }
}

async function send(form, file) {
  const { chunks, dataset, period, area } = form.dataset;
  const told = find("[data-told]", form);
  const bar = find("progress", form);
  const say = (words) => {
    told.hidden = false;
    told.textContent = words;
  };
  if (!(chunks && crypto.subtle)) {
    form.submit();
    return;
  }
  form.classList.add("is-sending");
  bar.hidden = false;
  const tell = ({ sent, size, waiting }) => {
    const percent = size ? Math.round((100 * sent) / size) : bar.value;
    bar.value = percent;
    const words = told.dataset.sending.replace("NAME", file.name).replace("PART", percent);
    say(waiting ? told.dataset.waiting : words);
  };
  tell({ sent: 0, size: file.size });
  const token = find("[name=csrfmiddlewaretoken]", form).value;
  try {
    const subject = { dataset, period, area };
    location.assign(await sendInPieces(file, { start: chunks, token, subject, tell }));
  } catch (error) {
    if (error instanceof SignedOut) {
      location.reload();
      return;
    }
    say((error instanceof Refused && error.message) || told.dataset.failed);
    bar.hidden = true;
    form.classList.remove("is-sending");
    form.reset();
  }
}

function takeDrops(zone) {
  const form = find("[data-upload]", zone);
  if (!form) {
    return;
  }
  let depth = 0;
  const mark = (step) => {
    depth = Math.max(depth + step, 0);
    zone.classList.toggle("is-dropping", depth > 0);
  };
  zone.addEventListener("dragenter", () => mark(1));
  zone.addEventListener("dragleave", () => mark(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(-depth);
    const file = event.dataTransfer.files[0];
    if (file) {
      send(form, file);
    }
  });
}

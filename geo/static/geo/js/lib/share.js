// Share the address of what is seen: by the phone's own sheet, else by copying it.

export function offerSharing(button) {
  if (!button || (!navigator.share && !navigator.clipboard)) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () => share(button));
}

export async function share(button) {
  const what = { title: document.title, url: location.href };
  try {
    if (navigator.share) {
      await navigator.share(what);
    } else {
      await navigator.clipboard.writeText(what.url);
      button.textContent = button.dataset.done;
    }
  } catch {
    // The person closed the sheet, or the browser refused: nothing to tell.
  }
}

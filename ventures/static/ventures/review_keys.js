// Shortcuts and the sheet of them. Single letters work outside of fields only, and can be switched
// off on this device (they get in the way of voice input and of some screen readers).

const OFF = "qicai-review-keys-off";
const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=hidden]), textarea, select, [contenteditable]";

export function areOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

// `letters` is what each single letter does.
export function listen(letters) {
  const box = document.querySelector("[data-keys]");
  const opener = document.querySelector("[data-keys-open]");
  const toggle = () => (box.open ? box.close() : box.showModal());
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", toggle);
  }
  const off = box.querySelector("[data-keys-off]");
  off.checked = areOff();
  off.addEventListener("change", () => {
    try { localStorage.setItem(OFF, off.checked ? "1" : "0"); } catch { /* kept for this page only */ }
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isField = event.target.matches(FIELDS);
    if (event.key === "Escape" && isField) {
      event.target.blur();
      return;
    }
    if (isField || off.checked) return;
    if (event.key === "?") {
      event.preventDefault();
      toggle();
      return;
    }
    const act = box.open ? null : letters[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// A confirmation is <details> with the consequence inside: it works without script.
// With script the same box becomes a modal dialog.

function dress(details) {
  const dialog = details.querySelector("dialog");
  const summary = details.querySelector("summary");
  if (!dialog || typeof dialog.showModal !== "function") return;

  dialog.removeAttribute("open");
  dialog.classList.add("confirm-box--modal");
  details.open = false;

  summary.addEventListener("click", (event) => {
    event.preventDefault();
    details.open = true;
    dialog.showModal();
    // The field to fill in; where there is none, the answer that changes nothing.
    dialog
      .querySelector("input:not([type=hidden]), textarea, select, [data-confirm-close]")
      ?.focus();
  });
  dialog.addEventListener("close", () => {
    details.open = false;
    summary.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  for (const button of dialog.querySelectorAll("[data-confirm-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.close());
  }
}

function dressAll(root) {
  for (const details of root.querySelectorAll("details[data-confirm]:not([data-dressed])")) {
    details.dataset.dressed = "";
    dress(details);
  }
}

dressAll(document);
document.addEventListener("htmx:after:swap", () => dressAll(document));

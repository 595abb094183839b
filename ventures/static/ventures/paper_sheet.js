// Adds up a sheet while it is typed in from paper, to be held against the total written there.
// Without it the page adds up whenever it comes back from the server.

import { addUp, scoreOf } from "./review_adding.js";

const form = document.getElementById("paper-sheet");
const bar = form.querySelector("[data-total-bar]");
const total = form.querySelector("[data-total]");
const spoken = form.querySelector("[data-total-spoken]");
const items = [...form.querySelectorAll("[data-item]")];

function show() {
  total.textContent = addUp(items);
}

form.addEventListener("input", show);
// Read out once per item, and not with every digit.
form.addEventListener("change", (event) => {
  if (items.some((item) => scoreOf(item) === event.target)) spoken.textContent = spoken.dataset.words.replace("{total}", total.textContent);
});
show();
bar.hidden = false;

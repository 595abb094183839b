// The list by keyboard; how many are chosen to be compared; how far the pack is.

import { listen } from "./review_keys.js";

const lines = [...document.querySelectorAll("[data-line]")];
const compare = document.getElementById("compare");
const words = compare.querySelector("[data-compare-words]");
const picks = () => lines.map((line) => line.querySelector("input[name=a]")).filter(Boolean);
const linkOf = (line) => line?.querySelector(".row-link");
const here = () => lines.findIndex((line) => line.contains(document.activeElement));

function move(step) {
  const place = here();
  const target = lines[place === -1 ? (step > 0 ? 0 : lines.length - 1) : place + step];
  linkOf(target)?.focus();
}

function count() {
  const chosen = picks().filter((one) => one.checked).length;
  words.textContent = chosen > 3 ? words.dataset.wordsMany : chosen ? words.dataset.wordsSome.replace("{n}", chosen) : words.dataset.wordsNone;
  compare.querySelector("button").disabled = chosen < 2 || chosen > 3;
  compare.classList.toggle("is-chosen", chosen > 0);
}

document.addEventListener("change", (event) => { if (event.target.name === "a") count(); });
count();

listen({
  j: () => move(1),
  k: () => move(-1),
  g: () => document.querySelector("[data-go]")?.click(),
  x: () => lines[here()]?.querySelector("input[name=a]")?.click(),
  c: () => { if (!compare.querySelector("button").disabled) compare.requestSubmit(); },
});

const pack = document.querySelector("[data-pack]");
async function look() {
  const answer = await fetch(pack.dataset.pack, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const { state, done, total } = await answer.json();
    if (state === "ready") { location.hash = "pack"; location.reload(); return; }
    pack.querySelector("progress").max = total || 1;
    pack.querySelector("progress").value = done;
    const text = pack.querySelector(".meter-text");
    if (text) text.textContent = `${done} / ${total}`;
  }
  setTimeout(look, 2000);
}
if (pack) setTimeout(look, 1500);

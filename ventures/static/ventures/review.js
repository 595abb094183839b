// Scoring by keyboard: type 17.5, Enter, next item. Everything is kept while typing (review_keeping.js);
// without this script the same form works with its buttons. The total here is the server's: weights,
// items outside the total, half up to hundredths.

import { addUp, number, scoreOf } from "./review_adding.js";
import { Keeping } from "./review_keeping.js";
import { listen } from "./review_keys.js";

const form = document.getElementById("review-form");
const total = form.querySelector("[data-total]");
const spoken = form.querySelector("[data-total-spoken]");
const copies = document.querySelectorAll("[data-total-copy]");
const cutTotal = form.querySelector("[data-cut-total]");
const items = [...form.querySelectorAll("[data-item]")];
const suggested = form.elements.suggested;

const whyOf = (item) => item.querySelector("input[name^='why_']");

function isLow(item) {
  const points = number(scoreOf(item).value);
  return points !== null && points < Number(item.dataset.reasonBelow);
}

function cuts() {
  return [...form.querySelectorAll("input[name^='cut_']:not([name^='cut_why_'])")];
}

function showAnchors(item, points) {
  const anchors = [...item.querySelectorAll("[data-anchor]")];
  const here = points === null ? null : anchors.find((one) => points >= Number(one.dataset.anchor));
  for (const one of anchors) one.classList.toggle("is-here", one === here);
}

function show() {
  total.textContent = addUp(items, (item, points) => {
    showAnchors(item, points);
    const low = isLow(item);
    item.classList.toggle("review-item--low", low && whyOf(item).value.trim() === "");
    item.classList.toggle("review-item--idle", !low && whyOf(item).value === "" && document.activeElement !== whyOf(item));
  });
  for (const copy of copies) copy.textContent = total.textContent;
  const cut = cuts().reduce((all, field) => all + Math.round((number(field.value) || 0) * 100), 0);
  if (cutTotal) cutTotal.textContent = cut ? `−${(cut / 100).toFixed(2)}` : "";
  for (const field of cuts()) {
    const why = form.elements[field.name.replace("cut_", "cut_why_")];
    why.closest(".field").hidden = field.value === "" && why.value === "";
    why.placeholder = why.getAttribute("aria-label") || "";
  }
  return cut;
}

// Enter goes on: score, its reason where one is due, the next score, words, amount, advice, hand in.
function next(field) {
  const item = field.closest("[data-item]");
  if (item) {
    if (field === scoreOf(item) && isLow(item) && whyOf(item).value.trim() === "") return whyOf(item);
    const following = items[items.indexOf(item) + 1];
    return following ? scoreOf(following) : form.elements.comment;
  }
  const advice = form.querySelector("input[name=recommendation]:checked") || form.querySelector("input[name=recommendation]");
  if (field === form.elements.comment) return suggested || advice;
  if (field === suggested) return advice;
  if (field.name === "recommendation") return form.querySelector("button[value=submit]");
  if (/^cut_\d/.test(field.name) && field.value) return form.elements[field.name.replace("cut_", "cut_why_")];
  return null;
}

function goOnFrom(field) {
  if (field === suggested && field.value === "") {
    const asked = Number(form.querySelector("[data-requested]")?.dataset.requested || 0);
    field.value = String((asked - show()) / 100);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const target = next(field);
  if (!target) return;
  show();
  // Read out where the total has got to, once per item and not with every digit.
  if (field.matches("[data-score]")) spoken.textContent = spoken.dataset.words.replace("{total}", total.textContent);
  target.focus();
  if (target.select) target.select();
}

function firstOpen() {
  return items.map(scoreOf).find((score) => score.value === "") || scoreOf(items[0]);
}

function editable() {
  const keeping = new Keeping(form, show);
  form.addEventListener("input", show);
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=submit]"));
      return;
    }
    if (event.shiftKey || event.key !== "Enter" || field.tagName === "BUTTON" || field.tagName === "A") return;
    if (field === form.elements.notes || field.closest("[data-conflict]")) return;
    event.preventDefault();
    goOnFrom(field);
  });
  // 1, 2, 3 choose the advice.
  form.addEventListener("keydown", (event) => {
    if (event.target.name !== "recommendation" || !/^[123]$/.test(event.key)) return;
    event.stopPropagation();
    const choice = form.querySelectorAll("input[name=recommendation]")[Number(event.key) - 1];
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    keeping.send(true);
  });
  // Handing in leaves the page: only once everything is on the server, never into a dead line.
  let isLeaving = false;
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    event.preventDefault();
    const button = event.submitter;
    const isIn = await keeping.send();
    if (!isIn) {
      if (!keeping.isStopped) keeping.say("submit-offline");
      return;
    }
    isLeaving = true;
    form.requestSubmit(button);
  });
  show();
  if (window.matchMedia("(min-width: 68em)").matches && !document.querySelector(".error-summary, [role=alert]")) firstOpen().focus();
}

// Browsers that cannot unfold by style where there is room.
if (!CSS.supports("selector(::details-content)") && window.matchMedia("(min-width: 68em)").matches) {
  for (const more of document.querySelectorAll(".review-more")) more.open = true;
}
const follow = (letter) => () => document.querySelector(`a[data-key="${letter}"]`)?.click();
const isEditable = Boolean(form.querySelector("[data-saved]"));
if (isEditable) editable();
listen({
  n: follow("n"),
  p: follow("p"),
  q: follow("q"),
  d: follow("d"),
  b: follow("b"),
  w: follow("w"),
  s: () => (isEditable ? firstOpen().focus() : follow("s")()),
});

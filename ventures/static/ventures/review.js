// Scoring by keyboard: type 17.5, Enter, next item. Everything is saved while typing; without this
// script the same form works with its buttons.

const form = document.getElementById("review-form");
const saved = form.querySelector("[data-saved]");
const total = form.querySelector("[data-total]");
const cutTotal = form.querySelector("[data-cut-total]");
const items = [...form.querySelectorAll("[data-item]")];
const suggested = form.elements.suggested;
const pause = 900;

// What people type, as a number: full-width digits, a trailing 分.
function number(text) {
  const plain = text.normalize("NFKC").replace(/[,\s¥元分]/g, "").replace("。", ".");  // not shown: what people type
  return plain === "" ? null : Number(plain);
}

const scoreOf = (item) => item.querySelector("[data-score]");
const whyOf = (item) => item.querySelector("input[name^='why_']");

function isLow(item) {
  const points = number(scoreOf(item).value);
  return points !== null && points < Number(item.dataset.reasonBelow);
}

function cuts() {
  return [...form.querySelectorAll("input[name^='cut_']:not([name^='cut_why_'])")];
}

function show() {
  let sum = 0;
  let any = false;
  for (const item of items) {
    const score = scoreOf(item);
    const points = number(score.value);
    const wrong = points !== null && !(points >= 0 && points <= Number(item.dataset.most) && Number.isInteger(points * 2));
    score.classList.toggle("is-invalid", wrong);
    score.setAttribute("aria-invalid", String(wrong));
    if (points !== null && !wrong) {
      sum += points;
      any = true;
    }
    const low = isLow(item);
    item.classList.toggle("review-item--low", low && whyOf(item).value.trim() === "");
    item.classList.toggle("review-item--idle", !low && whyOf(item).value === "" && document.activeElement !== whyOf(item));
  }
  total.textContent = any ? String(sum) : "—";
  const cut = cuts().reduce((all, field) => all + Math.round((number(field.value) || 0) * 100), 0);
  if (cutTotal) cutTotal.textContent = cut ? `−${(cut / 100).toFixed(2)}` : "";
  for (const field of cuts()) {
    const why = form.elements[field.name.replace("cut_", "cut_why_")];
    why.closest(".field").hidden = field.value === "" && why.value === "";
    why.placeholder = why.getAttribute("aria-label") || "";
  }
  return cut;
}

// Saving: after a pause in typing, one request at a time, the latest text last.
let timer = 0;
let sending = false;
let again = false;

async function save() {
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  saved.textContent = saved.dataset.savingWords;
  try {
    const answer = await fetch(form.dataset.saveUrl, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const kept = await answer.json();
    saved.textContent = `${saved.dataset.savedWords} ${kept.saved_at}`;
    saved.classList.remove("review-saved--failed");
  } catch {
    saved.textContent = saved.dataset.failedWords;
    saved.classList.add("review-saved--failed");
    timer = setTimeout(save, 10 * pause);
  }
  sending = false;
  if (again) {
    again = false;
    save();
  }
}

form.addEventListener("input", () => {
  show();
  clearTimeout(timer);
  timer = setTimeout(save, pause);
});

form.addEventListener("submit", () => clearTimeout(timer));

// Enter goes on: score, its reason where one is due, the next score, words, amount, advice, hand in.
function next(field) {
  const item = field.closest("[data-item]");
  if (item) {
    if (field === scoreOf(item) && isLow(item) && whyOf(item).value.trim() === "") return whyOf(item);
    const following = items[items.indexOf(item) + 1];
    return following ? scoreOf(following) : form.elements.comment;
  }
  if (field === form.elements.comment) return suggested;
  if (field === suggested) return form.querySelector("input[name=recommendation]:checked") || form.querySelector("input[name=recommendation]");
  if (field.name === "recommendation") return form.querySelector("button[value=submit]");
  if (/^cut_\d/.test(field.name) && field.value) return form.elements[field.name.replace("cut_", "cut_why_")];
  return null;
}

form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing || event.shiftKey || event.key !== "Enter" || field.tagName === "BUTTON" || field.tagName === "A") return;
  if (field === form.elements.notes) return;
  event.preventDefault();
  if (field === suggested && field.value === "") {
    const asked = Number(form.querySelector("[data-requested]")?.dataset.requested || 0);
    field.value = String((asked - show()) / 100);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const target = next(field);
  if (!target) return;
  show();
  target.focus();
  if (target.select) target.select();
});

// 1, 2, 3 choose the advice.
form.addEventListener("keydown", (event) => {
  if (event.target.name !== "recommendation" || !/^[123]$/.test(event.key)) return;
  const choice = form.querySelectorAll("input[name=recommendation]")[Number(event.key) - 1];
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("input", { bubbles: true }));
});

show();
if (window.matchMedia("(min-width: 68em)").matches && !document.querySelector(".error-summary")) {
  (items.map(scoreOf).find((score) => score.value === "") || scoreOf(items[0])).focus();
}

// Adds up the list while it is written: how much is proposed, how much stays free.

const form = document.getElementById("decisions-form");
const sum = document.querySelector("[data-proposed]");
const left = document.querySelector("[data-left]");
const free = Number(left.dataset.left);
const money = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const fen = (text) => Math.round(Number(text.normalize("NFKC").replace(/[,\s¥\u5143]/g, "")) * 100) || 0;
const shown = (amount) => `${amount < 0 ? "−" : ""}¥${money.format(Math.abs(amount) / 100)}`;

function show() {
  let all = 0;
  for (const outcome of form.querySelectorAll("select[name^='outcome_']")) {
    const amount = form.elements[outcome.name.replace("outcome_", "amount_")];
    const awards = outcome.value === "award";
    amount.disabled = !awards;
    if (awards) all += fen(amount.value);
  }
  sum.textContent = shown(all);
  left.textContent = shown(free - all);
  left.classList.toggle("decisions-over", all > free);
}

form.addEventListener("input", show);
show();

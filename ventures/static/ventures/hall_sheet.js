// Adds up the points while they are typed; without it the sheet works as it is.

const form = document.querySelector(".hall-sheet");
const total = form.querySelector("[data-total]");
const fields = [...form.querySelectorAll("[data-score]")];

function show() {
  const given = fields.map((one) => one.value.normalize("NFKC").trim()).filter((text) => text !== "");
  const sum = given.reduce((all, text) => all + Number(text), 0);
  total.textContent = given.length && Number.isFinite(sum) ? String(sum) : "—";
}

form.addEventListener("input", show);
show();

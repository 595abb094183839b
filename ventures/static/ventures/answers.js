// A round's own questions: shown when the earlier answer says so, tables that grow. The same rule
// judges on the server (`rules/round_forms.py`); without this module everything is shown with the
// words "only if…", and what is not asked does not count.

export class Conditions {
  constructor(form) {
    this.form = form;
    this.rows = [...form.querySelectorAll("[data-question]")];
    // What is no answer: the tier, the group, who applies; the server says it anew with each save.
    this.about = JSON.parse(form.dataset.about || "{}");
    if (!this.rows.length) return;
    for (const words of form.querySelectorAll(".asked-condition")) words.hidden = true;
    for (const cells of form.querySelectorAll("[data-cells]")) this.letGrow(cells);
    form.addEventListener("input", () => this.judge());
    form.addEventListener("change", () => this.judge());
    this.judge();
  }

  // Some questions stand on the standard form only; the sum asked for says which form it is.
  ofForm(isShort) {
    for (const row of this.rows) if (row.dataset.only) row.toggleAttribute("data-off-form", isShort);
    for (const field of this.form.querySelectorAll("[data-only]:not([data-question])")) field.hidden = (field.dataset.only === "standard") === isShort;
    this.judge();
  }

  // In order: a question that is not shown answers nothing.
  judge() {
    const known = new Map(Object.entries(this.about));
    for (const row of this.rows) {
      const isOnThisForm = row.dataset.offForm === undefined;
      const isShown = isOnThisForm && (!row.dataset.on || isMet(row.dataset, known.get(row.dataset.on)));
      row.hidden = !isShown;
      if (isShown) known.set(row.dataset.question, this.answer(row));
    }
  }

  answer(row) {
    const inputs = [...row.querySelectorAll(`[name="${row.dataset.question}"]`)];
    switch (row.dataset.kind) {
      case "heading": return null;
      case "file": return row.querySelector(".file-list") ? ["file"] : null;
      case "choices": return inputs.filter((one) => one.checked).map((one) => one.value);
      case "yes_no": case "choice": return inputs.find((one) => one.checked)?.value ?? null;
      case "table": return inputs.some((one) => one.value.trim()) ? ["row"] : null;
      case "number": return number(inputs[0].value, 1);
      case "money": return number(inputs[0].value, 100);
      default: return inputs[0]?.value.trim() || null;
    }
  }

  letGrow(cells) {
    const button = cells.querySelector("[data-add-cells]");
    if (!button) return;
    const limit = Number(cells.dataset.cells);
    const body = cells.querySelector("tbody");
    button.hidden = body.rows.length >= limit;
    button.addEventListener("click", () => {
      addRow(body).querySelector("input").focus();
      button.hidden = body.rows.length >= limit;
    });
  }
}

function isMet({ test, value }, answer) {
  if (answer === null || answer === undefined || answer.length === 0) return false;
  switch (test) {
    case "answered": return true;
    case "equals": return answer === value;
    case "contains": return answer.includes(value);
    case "at_least": return answer >= Number(value);
    case "at_most": return answer <= Number(value);
    default: return false;
  }
}

function number(text, factor) {
  const tidy = text.normalize("NFKC").replace(/[\u00a5\u5143,\s]/g, "");
  return tidy === "" || Number.isNaN(Number(tidy)) ? null : Math.round(Number(tidy) * factor);
}

function addRow(body) {
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  const number = body.rows.length + 1;
  for (const input of row.querySelectorAll("input")) {
    input.value = "";
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+/, number));
  }
  body.append(row);
  return row;
}

// Kept text may fill more rows than the page has.
export function fitCells(form, name, count) {
  const body = form.querySelector(`[data-question="${name}"] .cells-table tbody`);
  if (!body) return;
  while (body.querySelectorAll("input").length < count) addRow(body);
}

for (const form of document.querySelectorAll("form[data-conditions]")) new Conditions(form);

// A sheet typed in with the keyboard: Enter and the arrows go down a column, Ctrl+D takes the cell
// above, "more lines" adds lines without a round trip.

const sheet = document.querySelector("[data-sheet]");
const column = (cell) => [...cell.closest("tr").cells].indexOf(cell.closest("td"));

function below(cell, step) {
  const rows = [...cell.closest("tbody").rows];
  const next = rows[rows.indexOf(cell.closest("tr")) + step];
  return next?.cells[column(cell)]?.querySelector("input, select");
}

function move(event) {
  const cell = event.target;
  if (!cell.closest(".sheet")) return;
  const isSelect = cell.tagName === "SELECT";
  if (event.key === "d" && event.ctrlKey) {
    const above = below(cell, -1);
    if (above) cell.value = above.value;
    event.preventDefault();
  } else if (event.key === "Enter" || (event.key === "ArrowDown" && !isSelect)) {
    below(cell, 1)?.focus();
    event.preventDefault();
  } else if (event.key === "ArrowUp" && !isSelect) {
    below(cell, -1)?.focus();
    event.preventDefault();
  }
}

function more(event) {
  event.preventDefault();
  const rows = [...sheet.querySelectorAll("[data-spare]")];
  const last = rows.at(-1);
  const spare = sheet.elements.spare;
  const first = rows.length;
  for (let number = first; number < Math.min(first + 4, 60); number += 1) {
    const row = last.cloneNode(true);
    const renumber = (words) => words.replace(`new-${first - 1}-`, `new-${number}-`);
    for (const input of row.querySelectorAll("input")) {
      input.name = renumber(input.name);
      input.id = renumber(input.id);
      input.value = /-(arrived|left)$/.test(input.name) ? input.defaultValue : "";
      input.removeAttribute("aria-invalid");
    }
    for (const label of row.querySelectorAll("label")) label.htmlFor = renumber(label.htmlFor);
    for (const error of row.querySelectorAll(".sheet-error")) error.remove();
    last.parentElement.append(row);
    spare.value = number + 1;
  }
  sheet.querySelector(`[name="new-${first}-name"]`)?.focus();
}

if (sheet) {
  sheet.addEventListener("keydown", move);
  sheet.querySelector("[data-more]").addEventListener("click", more);
  sheet.addEventListener("focusin", (event) => {
    if (event.target.matches(".sheet input")) event.target.select();
  });
}

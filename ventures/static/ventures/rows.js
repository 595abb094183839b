// A table of rows one types into: add, remove, read as text, write, say what is wrong beside a cell.
// What is right is decided by the server; the budget adds its arithmetic on top.

export class RowTable {
  constructor(root, changed) {
    this.root = root;
    this.name = root.dataset.field;
    this.table = root.querySelector("[data-columns]");
    this.columns = this.table.dataset.columns.split(",");
    this.body = this.table.querySelector("tbody");
    this.template = root.querySelector("[data-row-template]");
    this.counter = root.querySelector(`[name='${this.name}-rows']`);
    this.changed = changed;
    this.isOpen = !this.body.querySelector(":is(input, select):disabled");
    for (const row of this.rows()) this.dress(row);
    this.dropSpareRows();
    this.addRows();
  }

  rows() {
    return [...this.body.querySelectorAll("[data-row]")];
  }

  input(row, column) {
    return row.querySelector(`[data-column="${column}"] :is(input, select)`);
  }

  isBlank(row) {
    return this.columns.every((column) => {
      const input = this.input(row, column);
      return input.tagName === "SELECT" || !input.value.trim();
    });
  }

  // On a phone a row is a card: one blank one is enough where a button adds more.
  dropSpareRows() {
    if (!this.isOpen || !window.matchMedia("(max-width: 35.99em)").matches) return;
    for (const row of this.rows().filter((one) => this.isBlank(one)).slice(1)) row.remove();
  }

  dress(row) {
    const remove = row.querySelector("[data-remove-row]");
    if (remove) {
      remove.hidden = false;
      remove.addEventListener("click", () => {
        row.remove();
        if (!this.rows().length) this.newRow();
        this.reckon();
        this.changed();
      });
    }
    row.addEventListener("input", (event) => {
      this.typed(row, event.target);
      this.reckon();
      this.changed();
    });
  }

  // What follows from a keystroke, and from any change of the table: the budget's matter.
  typed() {}

  reckon() {}

  newRow() {
    const number = Number(this.counter.value);
    const markup = this.template.innerHTML.replaceAll("__n__", number).replaceAll("__m__", this.rows().length + 1);
    this.body.insertAdjacentHTML("beforeend", markup);
    this.counter.value = number + 1;
    const row = this.body.lastElementChild;
    this.dress(row);
    return row;
  }

  addRows() {
    this.root.querySelector("[data-add-row]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.newRow().querySelector("input, select").focus();
    });
  }

  // Filled rows as text, in order.
  values() {
    return this.rows()
      .filter((row) => !this.isBlank(row))
      .map((row) => Object.fromEntries(this.columns.map((column) => [column, this.input(row, column).value])));
  }

  put(values) {
    for (const row of this.rows()) row.remove();
    for (const value of values) this.write(this.newRow(), value);
    if (!values.length) this.newRow();
    this.reckon();
  }

  write(row, value) {
    for (const column of this.columns) {
      if (value[column] !== undefined) this.input(row, column).value = value[column];
    }
  }

  // One line of words per row, for comparing two versions.
  spoken(values) {
    return values
      .map((value) => this.columns.map((column) => this.words(column, value[column])).filter(Boolean).join(" "))
      .join("\n");
  }

  words(column, text) {
    const cell = this.rows()[0]?.querySelector(`[data-column="${column}"] select`);
    return cell ? [...cell.options].find((one) => one.value === text)?.text ?? text : text;
  }

  say(row, column, sentence) {
    const cell = row.querySelector(`[data-column="${column}"]`);
    const input = this.input(row, column);
    let place = cell.querySelector(".cell-error");
    if (!sentence) {
      place?.remove();
      cell.classList.remove("cell--wrong");
      input.removeAttribute("aria-invalid");
      return;
    }
    if (!place) {
      place = document.createElement("span");
      place.className = "cell-error";
      place.id = `${input.id}-error`;
      cell.append(place);
    }
    if (place.textContent !== sentence) place.textContent = sentence;
    cell.classList.add("cell--wrong");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", place.id);
  }

  // The server's findings, by the numbers of `values()`.
  showProblems(problems) {
    const filled = this.rows().filter((row) => !this.isBlank(row));
    filled.forEach((row, number) => {
      for (const column of this.columns) this.say(row, column, problems[number]?.[column]?.join(" ") ?? "");
    });
  }
}

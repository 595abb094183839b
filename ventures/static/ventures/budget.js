// The budget table: adds up while one types, says what disagrees beside the line, takes rows
// pasted from Excel or WPS. What is right is decided by the server; this only helps.

import { hundredths, plain, product, yuan } from "./money.js";

const COLUMNS = ["cost_class", "purpose", "unit_price", "quantity", "unit", "amount", "requested", "matching", "basis"];
const NUMBERS = new Set(["unit_price", "quantity", "amount", "requested", "matching"]);

export class Budget {
  constructor(root, changed) {
    this.root = root;
    this.table = root.querySelector("[data-budget]");
    this.body = this.table.querySelector("tbody");
    this.template = root.querySelector("[data-row-template]");
    this.counter = root.querySelector("[name='budget-rows']");
    this.changed = changed;
    this.isOpen = !this.body.querySelector("input:disabled");
    for (const row of this.rows()) this.dress(row);
    this.dropSpareRows();
    this.addRows();
    this.takePastes();
    this.addUp();
  }

  rows() {
    return [...this.body.querySelectorAll("[data-row]")];
  }

  input(row, column) {
    return row.querySelector(`[data-column="${column}"] :is(input, select)`);
  }

  isBlank(row) {
    return COLUMNS.slice(1).every((column) => !this.input(row, column).value.trim());
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
        this.addUp();
        this.changed();
      });
    }
    row.addEventListener("input", (event) => {
      const column = event.target.closest("[data-column]")?.dataset.column;
      delete event.target.dataset.auto;
      this.fill(row, column);
      this.addUp();
      this.changed();
    });
  }

  // Work out what follows from what was typed, never touching what a person wrote there.
  fill(row, column) {
    const [price, quantity] = [this.read(row, "unit_price"), this.read(row, "quantity")];
    if (price === null || quantity === null) return;
    const total = product(price, quantity);
    if (total === null) return;
    if (column === "unit_price" || column === "quantity") this.offer(row, "amount", total, true);
    const [requested, matching] = [this.read(row, "requested"), this.read(row, "matching")];
    if (column === "requested" && requested !== null) this.offer(row, "matching", total - requested);
    else if (column === "matching" && matching !== null) this.offer(row, "requested", total - matching);
    else if (column !== "amount") this.offer(row, "requested", total - (matching ?? 0n));
  }

  offer(row, column, fen, always = false) {
    const input = this.input(row, column);
    if (fen < 0n || (!always && input.value.trim() && !("auto" in input.dataset))) return;
    input.value = plain(fen);
    input.dataset.auto = "";
  }

  read(row, column) {
    return hundredths(this.input(row, column).value);
  }

  addUp() {
    const sums = { amount: 0n, requested: 0n, matching: 0n };
    for (const row of this.rows()) {
      const [price, quantity] = [this.read(row, "unit_price"), this.read(row, "quantity")];
      const total = price !== null && quantity !== null ? product(price, quantity) : undefined;
      this.check(row, total);
      sums.amount += total ?? 0n;
      sums.requested += this.read(row, "requested") ?? 0n;
      sums.matching += this.read(row, "matching") ?? 0n;
    }
    this.table.querySelector("[data-total]").textContent = yuan(sums.amount);
    this.table.querySelector("[data-requested]").textContent = yuan(sums.requested);
    this.table.querySelector("[data-matching]").textContent = yuan(sums.matching);
  }

  check(row, total) {
    this.say(row, "quantity", total === null ? this.table.dataset.wordsFen : "");
    if (total === null || total === undefined) return;
    const amount = this.read(row, "amount");
    const [requested, matching] = [this.read(row, "requested") ?? 0n, this.read(row, "matching") ?? 0n];
    const words = this.table.dataset;
    this.say(row, "amount", amount !== null && amount !== total
      ? words.wordsProduct.replace("{product}", yuan(total)).replace("{amount}", yuan(amount)) : "");
    const isFunded = !this.input(row, "requested").value.trim() || requested + matching === total;
    this.say(row, "requested", isFunded ? ""
      : words.wordsSum.replace("{product}", yuan(total)).replace("{sum}", yuan(requested + matching)));
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
      for (const column of COLUMNS) this.say(row, column, problems[number]?.[column]?.join(" ") ?? "");
    });
  }

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
    const button = this.root.querySelector("[data-add-row]");
    button?.addEventListener("click", (event) => {
      event.preventDefault();
      this.input(this.newRow(), "purpose").focus();
    });
  }

  // Filled rows as text, in order.
  values() {
    return this.rows()
      .filter((row) => !this.isBlank(row))
      .map((row) => Object.fromEntries(COLUMNS.map((column) => [column, this.input(row, column).value])));
  }

  put(values) {
    for (const row of this.rows()) row.remove();
    for (const value of values) this.write(this.newRow(), value);
    if (!values.length) this.newRow();
    this.addUp();
  }

  write(row, value) {
    for (const column of COLUMNS) {
      if (value[column] !== undefined) this.input(row, column).value = value[column];
    }
  }

  takePastes() {
    if (!this.isOpen) return;
    this.table.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (!text.includes("\t") && !text.trim().includes("\n")) return;
      event.preventDefault();
      const cell = event.target.closest("[data-column]");
      this.paste(text, { row: event.target.closest("[data-row]"), column: cell?.dataset.column });
    });
    const box = this.root.querySelector("[data-paste]");
    box.hidden = false;
    const area = box.querySelector("[data-paste-text]");
    area.addEventListener("input", () => {
      if (!area.value.includes("\t")) return;
      this.paste(area.value, {});
      area.value = "";
    });
  }

  paste(text, { row = null, column = null }) {
    const { lines, starts } = arranged(cells(text), column);
    const limit = Number(this.table.dataset.limit);
    let target = row ?? this.rows().find((one) => this.isBlank(one)) ?? null;
    let filled = 0;
    for (const line of lines) {
      const used = this.rows().filter((one) => !this.isBlank(one)).length;
      const isNew = !target || this.isBlank(target);
      if (isNew && used >= limit) break;
      target ??= this.newRow();
      this.write(target, this.readable(line, starts));
      filled += 1;
      target = target.nextElementSibling;
    }
    this.addUp();
    this.changed();
    const said = this.root.querySelector("[data-paste-said]");
    const words = filled < lines.length ? said.dataset.wordsOver : said.dataset.words;
    said.textContent = words.replace("{n}", filled).replace("{m}", lines.length - filled);
  }

  readable(line, starts) {
    const value = {};
    line.forEach((text, place) => {
      const column = COLUMNS[starts + place];
      if (!column) return;
      if (column === "cost_class") {
        const option = [...this.input(this.rows()[0], column).options].find((one) => text && (one.text.includes(text) || text.includes(one.text)));
        if (option) value[column] = option.value;
      } else {
        value[column] = NUMBERS.has(column) && hundredths(text) !== null ? plain(hundredths(text)) : text;
      }
    });
    return value;
  }
}

// Tab-separated text as rows of cells; a cell in quotes may hold line breaks.
export function cells(text) {
  const rows = [[]];
  let cell = "";
  let isQuoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (let i = 0; i < source.length; i += 1) {
    const mark = source[i];
    if (isQuoted) {
      if (mark === '"' && source[i + 1] === '"') { cell += '"'; i += 1; }
      else if (mark === '"') isQuoted = false;
      else cell += mark === "\n" ? " " : mark;
    } else if (mark === '"' && cell === "") isQuoted = true;
    else if (mark === "\t" || mark === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (mark === "\n") rows.push([]);
    } else cell += mark;
  }
  rows.at(-1).push(cell.trim());
  return rows;
}

// Leave out head, foot and numbering, and find the column the first cell belongs to.
export function arranged(rows, column) {
  let lines = rows.filter((row) => row.some(Boolean));
  lines = lines.filter((row) => !row.some((text) => /^(支出内容|费用类别|序号)$/.test(text)) && !/^(合计|总计|小计)$/.test(row.find(Boolean) ?? ""));  // not shown: rows of a pasted table
  const isNumbered = lines.length > 0 && lines.every((row) => row.length > COLUMNS.length && /^\d*$/.test(row[0]));
  if (isNumbered) lines = lines.map((row) => row.slice(1));
  const widest = Math.max(0, ...lines.map((row) => row.length));
  const wanted = column ? COLUMNS.indexOf(column) : 0;
  const starts = wanted + widest > COLUMNS.length ? 0 : wanted;
  return { lines, starts };
}

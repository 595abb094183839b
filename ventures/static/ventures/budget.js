// The budget table: adds up while one types and says what disagrees beside the line. Pasting from
// Excel and WPS stands in paste.js. What is right is decided by the server; this only helps.

import { hundredths, plain, product, yuan } from "./money.js";
import { PasteBox } from "./paste.js";
import { RowTable } from "./rows.js";

const MATCH = ["cash", "in_kind"];

export class Budget extends RowTable {
  constructor(root, changed) {
    super(root, changed);
    if (this.isOpen) new PasteBox(this);
    this.reckon();
  }

  isBlank(row) {
    return this.columns.slice(1).every((column) => !this.input(row, column).value.trim());
  }

  typed(row, input) {
    delete input.dataset.auto;
    this.fill(row, input.closest("[data-column]")?.dataset.column);
  }

  // Work out what follows from what was typed, never touching what a person wrote there.
  fill(row, column) {
    const total = this.total(row);
    if (total === null || total === undefined) return;
    if (column === "unit_price" || column === "quantity") this.offer(row, "amount", total, true);
    const sum = (columns) => columns.reduce((all, one) => all + (this.read(row, one) ?? 0n), 0n);
    if (column === "requested" && this.read(row, "requested") !== null) {
      this.offer(row, "cash", total - sum(["requested", "in_kind"]));
    } else if (column !== "amount") {
      this.offer(row, "requested", total - sum(MATCH.filter((one) => !("auto" in this.input(row, one).dataset))));
    }
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

  // In fen; null when it is no whole fen, undefined while there is nothing to multiply.
  total(row) {
    const [price, quantity] = [this.read(row, "unit_price"), this.read(row, "quantity")];
    return price !== null && quantity !== null ? product(price, quantity) : undefined;
  }

  reckon() {
    const sums = { amount: 0n, requested: 0n, cash: 0n, in_kind: 0n };
    for (const row of this.rows()) {
      const total = this.total(row);
      this.check(row, total);
      sums.amount += total ?? 0n;
      for (const column of ["requested", ...MATCH]) sums[column] += this.read(row, column) ?? 0n;
    }
    for (const [column, fen] of Object.entries(sums)) {
      this.table.querySelector(`[data-sum="${column}"]`).textContent = yuan(fen);
    }
  }

  check(row, total) {
    this.say(row, "quantity", total === null ? this.table.dataset.wordsFen : "");
    if (total === null || total === undefined) return;
    const words = this.table.dataset;
    const amount = this.read(row, "amount");
    this.say(row, "amount", amount !== null && amount !== total
      ? words.wordsProduct.replace("{product}", yuan(total)).replace("{amount}", yuan(amount)) : "");
    const parts = ["requested", ...MATCH].map((column) => this.read(row, column) ?? 0n);
    const sum = parts.reduce((all, one) => all + one, 0n);
    const isOpenEnded = !this.input(row, "requested").value.trim() || (!this.input(row, "cash").value.trim() && sum <= total);
    this.say(row, "requested", isOpenEnded || sum === total ? ""
      : words.wordsSum.replace("{product}", yuan(total)).replace("{sum}", yuan(sum)));
  }

  // Both what cannot be read and what the round's rules say.
  showFindings(problems, findings) {
    const both = structuredClone(problems);
    for (const [row, columns] of Object.entries(findings)) {
      both[row] ??= {};
      for (const [column, words] of Object.entries(columns)) both[row][column] = [...(both[row][column] ?? []), ...words];
    }
    this.showProblems(both);
  }
}

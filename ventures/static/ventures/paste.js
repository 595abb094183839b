// Rows copied from Excel or WPS: read from cells or from tab-separated text, shown before anything
// is replaced, and taken back by one button afterwards.

import { hundredths, plain } from "./money.js";

const COLUMNS = ["cost_class", "purpose", "unit_price", "quantity", "unit", "amount", "requested", "cash", "in_kind", "basis"];
const NUMBERS = new Set(["unit_price", "quantity", "amount", "requested", "cash", "in_kind"]);
// What tables are headed with.
const HEADS = [
  ["cost_class", /^(费用类别|经费类别|科目类别|类别|预算科目|科目)$/],  // not shown: heads of copied tables
  ["purpose", /^(支出内容|支出项目|支出明细|内容|项目|名称|明细|用途)$/],  // not shown: heads of copied tables
  ["unit_price", /^(单价|单价标准|标准)$/],  // not shown: heads of copied tables
  ["quantity", /^(数量|人次数)$/],  // not shown: heads of copied tables
  ["unit", /^(单位|计量单位)$/],  // not shown: heads of copied tables
  ["in_kind", /^(实物|配套实物|实物配套|实物折价)$/],  // not shown: heads of copied tables
  ["cash", /^(现金|配套现金|现金配套|配套|配套资金|自筹|自筹资金|配套现金\/实物)$/],  // not shown: heads of copied tables
  ["requested", /^(申请资助|申请资金|申请金额|资助金额|申请)$/],  // not shown: heads of copied tables
  ["amount", /^(金额|小计|总价|预算金额|合计金额)$/],  // not shown: heads of copied tables
  ["basis", /^(测算依据|依据|备注|说明|测算说明)$/],  // not shown: heads of copied tables
  ["number", /^(序号|编号|no\.?)$/i],  // not shown: heads of copied tables
];
const FOOT = /^(合计|总计|小计|总合计|合计金额)$/;  // not shown: heads of copied tables
const NOTHING = /^[-—–－\s]*$/;

// Reading ---------------------------------------------------------------------------------

// Copied cells as rows; a merged cell gives its words to every row it stands in.
export function cellsOfHtml(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [];
  const held = []; // by column: [rows still to fill, words]
  for (const line of table.rows) {
    const row = [];
    const fillHeld = () => {
      while (held[row.length]?.[0] > 0) {
        const place = row.length;
        held[place][0] -= 1;
        row.push(held[place][1]);
      }
    };
    for (const cell of line.cells) {
      fillHeld();
      const words = cell.textContent.replace(/[\s\u00a0]+/g, " ").trim();
      const [across, down] = [Math.min(cell.colSpan || 1, 20), Math.min(cell.rowSpan || 1, 100)];
      for (let n = 0; n < across; n += 1) {
        held[row.length] = [down - 1, n === 0 ? words : ""];
        row.push(n === 0 ? words : "");
      }
    }
    fillHeld();
    rows.push(row);
  }
  return rows;
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

function headOf(text) {
  const tidy = text.normalize("NFKC").replace(/\s+/g, "").replace(/^(其中|其)[::]?/, "").replace(/[((][^))]*[))]/g, "");  // not shown: heads of copied tables
  return HEADS.find(([, words]) => words.test(tidy))?.[0] ?? null;
}

// Which column each place holds, if the rows begin with a head (of one line or two).
function headed(rows) {
  const names = [];
  let taken = 0;
  for (const row of rows.slice(0, 4)) {
    const found = row.map(headOf);
    const isHead = found.filter(Boolean).length >= 2 && !row.some((text) => hundredths(text) !== null && text.trim());
    if (!isHead) { if (taken) break; taken = 0; if (row.filter(Boolean).length <= 1) { rows.shift(); continue; } break; }
    found.forEach((name, place) => { if (name) names[place] = name; });
    taken += 1;
  }
  return taken ? { names, taken } : null;
}

// Rows of cells as lines of the budget: `{column: text}`; head, foot and numbering left out.
export function budgetLines(cells, { from = null, classes = {} } = {}) {
  let rows = cells.filter((row) => row.some((text) => text.trim()));
  while (rows.length > 1 && rows[0].filter((text) => text.trim()).length === 1 && !headOf(rows[0].find((text) => text.trim()))) rows = rows.slice(1);
  const head = headed(rows);
  rows = rows.slice(head?.taken ?? 0);
  rows = rows.filter((row) => !FOOT.test(row.find((text) => text.trim())?.replace(/\s/g, "") ?? "") && !row.slice(0, 3).some((text) => FOOT.test(text.replace(/\s/g, ""))));
  const names = head?.names ?? placed(rows, from);
  let kept = "";
  return rows.map((row) => {
    const line = {};
    row.forEach((text, place) => { if (COLUMNS.includes(names[place])) line[names[place]] = readable(names[place], text, classes); });
    // Under a merged cell the copied text is empty: the class stands until the next one.
    if ("cost_class" in line) { line.cost_class ||= kept; kept = line.cost_class; }
    return line;
  }).filter((line) => Object.entries(line).some(([name, text]) => name !== "cost_class" && text));
}

// Without a head: by place, with or without numbering, with the match in one column or in two.
function placed(rows, from) {
  const widest = Math.max(0, ...rows.map((row) => row.length));
  if (from) return COLUMNS.slice(COLUMNS.indexOf(from));
  const isNumbered = widest >= COLUMNS.length - 1 && rows.every((row) => /^\d*$/.test(row[0]?.trim() ?? "")) ? ["number"] : [];
  const width = widest - isNumbered.length;
  const inOne = width === COLUMNS.length - 1 ? COLUMNS.filter((name) => name !== "in_kind") : COLUMNS;
  return [...isNumbered, ...inOne];
}

function readable(column, text, classes) {
  const tidy = text.trim();
  if (column === "cost_class") {
    return Object.entries(classes).find(([, label]) => tidy && (label.includes(tidy) || tidy.includes(label)))?.[0] ?? "";
  }
  if (!NUMBERS.has(column)) return tidy;
  if (NOTHING.test(tidy)) return "";
  const fen = hundredths(tidy);
  return fen === null ? tidy : plain(fen);
}

// The box on the page ------------------------------------------------------------------------

export class PasteBox {
  constructor(budget) {
    this.budget = budget;
    this.box = budget.root.querySelector("[data-paste]");
    this.area = this.box.querySelector("[data-paste-text]");
    this.preview = this.box.querySelector("[data-paste-preview]");
    this.said = this.box.querySelector("[data-paste-said]");
    this.undo = this.box.querySelector("[data-paste-undo]");
    this.box.hidden = false;
    this.classes = Object.fromEntries([...budget.input(budget.rows()[0] ?? budget.newRow(), "cost_class").options].map((one) => [one.value, one.text]));
    this.area.addEventListener("paste", (event) => this.take(event, null));
    this.area.addEventListener("input", () => { if (this.area.value.includes("\t")) this.show(cells(this.area.value), null); });
    budget.table.addEventListener("paste", (event) => this.take(event, event.target.closest("[data-column]")?.dataset.column));
    this.box.querySelector("[data-paste-replace]").addEventListener("click", () => this.fill([]));
    this.box.querySelector("[data-paste-append]").addEventListener("click", () => this.fill(budget.values()));
    this.box.querySelector("[data-paste-cancel]").addEventListener("click", () => this.close());
    this.undo.addEventListener("click", () => this.takeBack());
  }

  take(event, from) {
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    const rows = (html.includes("<table") ? cellsOfHtml(html) : null) ?? cells(text);
    const isTable = rows.length > 1 || rows[0].length > 1;
    if (!isTable) return;
    event.preventDefault();
    this.show(rows, from);
  }

  show(rows, from) {
    const isSlice = from && Math.max(...rows.map((row) => row.length)) < COLUMNS.length - 1 && COLUMNS.indexOf(from) > 0;
    this.lines = budgetLines(rows, { from: isSlice ? from : null, classes: this.classes });
    const body = this.preview.querySelector("tbody");
    body.replaceChildren(...this.lines.map((line) => {
      const row = document.createElement("tr");
      for (const column of COLUMNS) {
        const cell = document.createElement("td");
        const text = line[column] ?? "";
        cell.textContent = column === "cost_class" ? this.classes[text] ?? "" : text;
        cell.dataset.label = this.label(column);
        if (NUMBERS.has(column)) cell.classList.add("num");
        if (text && NUMBERS.has(column) && hundredths(text) === null) cell.classList.add("cell--wrong");
        row.append(cell);
      }
      return row;
    }));
    const words = this.said.dataset;
    const limit = Number(this.budget.table.dataset.limit);
    const over = this.lines.length > limit ? words.wordsOver.replace("{limit}", limit) : "";
    this.said.textContent = this.lines.length ? `${words.wordsFound.replace("{n}", this.lines.length)}${over}` : words.wordsNone;
    this.preview.hidden = !this.lines.length;
    this.box.querySelector("[data-paste-append]").hidden = !this.budget.values().length;
    this.undo.hidden = true;
    this.box.open = true;
    this.box.scrollIntoView({ block: "nearest" });
  }

  label(column) {
    return this.budget.table.querySelector(`[data-head="${column}"]`)?.textContent.trim() ?? "";
  }

  fill(before) {
    this.kept = this.budget.values();
    this.budget.put([...before, ...this.lines]);
    for (const row of this.budget.rows()) this.budget.fill(row, "quantity");
    this.budget.reckon();
    this.budget.changed();
    this.close();
    this.said.textContent = this.said.dataset.words.replace("{n}", this.lines.length);
    this.undo.hidden = false;
  }

  takeBack() {
    this.budget.put(this.kept);
    this.budget.changed();
    this.undo.hidden = true;
    this.said.textContent = this.said.dataset.wordsUndone;
  }

  close() {
    this.preview.hidden = true;
    this.area.value = "";
    this.said.textContent = "";
  }
}

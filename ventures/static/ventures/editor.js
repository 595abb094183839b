// Autosave of the proposal. Every change is first kept on this device, then sent; it is forgotten
// here only when the server has said that it has it. A save whose answer got lost is sent again
// word for word before anything newer: the server knows it by its words. A save from an older page is refused by the server and shown
// here beside the other text. Nothing is overwritten unasked.

import { Conditions, fitCells } from "./answers.js";
import { Budget } from "./budget.js";
import { Conflict } from "./conflict.js";
import { RowTable } from "./rows.js";

const PAUSE = 900;
const RETRIES = [2000, 5000, 15000, 30000];

class Editor {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("#draft");
    this.state = root.querySelector("[data-save-state]");
    this.revision = this.form.elements.revision;
    this.key = `qicai-draft:${root.dataset.code}`;
    this.dirty = new Map(); // name → value as typed
    this.doubt = null; // a save that was sent and not yet answered
    this.inFlight = false;
    this.failures = 0;
    this.isStopped = false;
    this.tables = new Map();
    // Ideas, titles and most concepts have no budget.
    const budget = root.querySelector('[data-field="budget"]');
    if (budget) this.tables.set("budget", new Budget(budget, () => this.touch("budget")));
    for (const place of root.querySelectorAll("[data-rows-field]")) {
      const name = place.dataset.field;
      this.tables.set(name, new RowTable(place, () => this.touch(name)));
    }
    this.conflict = new Conflict(this);
    this.listen();
    this.count();
    this.showProgressTotal();
    if (window.matchMedia("(min-width: 62rem)").matches) root.querySelector("[data-progress]").open = true;
    this.restore();
    this.conditions = new Conditions(this.form);
  }

  listen() {
    this.form.addEventListener("input", (event) => {
      const name = event.target.name;
      if (!name || event.target.closest("[data-columns], [data-paste]")) return;
      this.touch(name);
    });
    this.form.addEventListener("change", () => this.soon(0));
    this.form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => { this.failures = 0; this.soon(0); });
    window.addEventListener("offline", () => { if (this.dirty.size) this.say("offline"); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.send(); });
  }

  touch(name) {
    this.dirty.set(name, this.value(name));
    this.keep();
    if (this.isStopped) return;
    if (!this.inFlight && navigator.onLine) this.say("typing");
    this.soon(PAUSE);
  }

  value(name) {
    if (this.tables.has(name)) return this.tables.get(name).values();
    const inputs = [...this.form.querySelectorAll(`[name="${name}"]`)];
    if (inputs[0].type === "checkbox") return inputs.filter((one) => one.checked).map((one) => one.value);
    if (inputs[0].type === "radio") return inputs.find((one) => one.checked)?.value ?? "";
    if (inputs.length > 1) return inputs.map((one) => one.value); // the cells of a table
    return inputs[0].value;
  }

  put(name, value) {
    if (this.tables.has(name)) return this.tables.get(name).put(value);
    if (Array.isArray(value)) fitCells(this.form, name, value.length);
    this.form.querySelectorAll(`[name="${name}"]`).forEach((input, place) => {
      if (input.type === "checkbox") input.checked = value.includes(input.value);
      else if (input.type === "radio") input.checked = input.value === value;
      else input.value = Array.isArray(value) ? (value[place] ?? "") : value;
    });
  }

  // On this device ---------------------------------------------------------------

  keep() {
    try {
      if (this.dirty.size) localStorage.setItem(this.key, JSON.stringify({ revision: this.revision.value, fields: [...this.dirty], doubt: this.doubt && [...this.doubt] }));
      else localStorage.removeItem(this.key);
    } catch { /* a full or forbidden store: the page still holds the text */ }
  }

  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.key)); } catch { /* not ours to read */ }
    if (!kept?.fields?.length) return;
    const known = kept.fields.filter(([name]) => this.tables.has(name) || this.form.querySelector(`[name="${name}"]:not(:disabled)`));
    const differing = known.filter(([name, value]) => JSON.stringify(this.value(name)) !== JSON.stringify(value));
    if (!differing.length) { localStorage.removeItem(this.key); return; }
    // Sent as what it is, text typed on that older page: whether it is a conflict the server knows.
    if (kept.doubt) this.doubt = new Map(kept.doubt);
    this.revision.value = kept.revision;
    for (const [name, value] of differing) { this.put(name, value); this.dirty.set(name, value); }
    this.count();
    this.say("restored");
    this.soon(PAUSE);
  }

  // To the server ------------------------------------------------------------------

  soon(pause) {
    clearTimeout(this.timer);
    if (this.dirty.size && !this.isStopped) this.timer = setTimeout(() => this.send(), pause);
  }

  payload(sent) {
    const data = new URLSearchParams();
    data.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    data.set("revision", this.revision.value);
    for (const [name, value] of sent) {
      data.append("fields", name);
      if (this.tables.has(name)) {
        data.set(`${name}-rows`, value.length);
        value.forEach((row, number) => {
          for (const [column, text] of Object.entries(row)) data.set(`${name}-${number}-${column}`, text);
        });
      } else if (Array.isArray(value)) for (const one of value) data.append(name, one);
      else data.set(name, value);
    }
    return data;
  }

  async send() {
    if (this.inFlight || !this.dirty.size || this.isStopped) return;
    clearTimeout(this.timer);
    if (!navigator.onLine) { this.say("offline"); return; }
    const sent = this.doubt ?? new Map(this.dirty);
    this.doubt = sent;
    this.keep();
    this.inFlight = true;
    this.say("saving");
    try {
      const answer = await fetch(this.root.dataset.saveUrl, {
        method: "POST",
        body: this.payload(sent),
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: document.hidden,
      });
      await this.take(answer, sent);
    } catch {
      this.failed("offline");
    } finally {
      this.inFlight = false;
      this.idle?.();
      if (this.dirty.size && !this.isStopped && !this.failures) this.soon(PAUSE);
    }
  }

  async take(answer, sent) {
    if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) return this.saved(await answer.json(), sent);
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.stop(this.state.dataset.wordsSignedOut, "signed-out");
    if (answer.status === 409) {
      const refusal = await answer.json();
      if (refusal.code === "draft_overtaken") return this.overtaken(refusal);
      return this.stop(refusal.message, "closed");
    }
    return this.failed("failed");
  }

  saved(answer, sent) {
    this.failures = 0;
    this.doubt = null;
    this.revision.value = answer.revision;
    for (const [name, value] of sent) {
      if (JSON.stringify(this.dirty.get(name)) === JSON.stringify(value)) this.dirty.delete(name);
      this.showErrors(name, answer.errors[name] ?? []);
    }
    if (sent.has("budget")) this.tables.get("budget")?.showFindings(answer.budget_errors, answer.budget_findings);
    for (const [name, problems] of Object.entries(answer.table_errors)) this.tables.get(name).showProblems(problems);
    this.keep();
    if (this.dirty.size) this.say("typing");
    else this.say("saved", answer.saved_words);
    this.showSections(answer);
  }

  failed(state) {
    this.say(state);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
  }

  stop(sentence, state) {
    this.isStopped = true;
    this.say(state, sentence);
  }

  // One page for two submissions: the typed text first, then the form.
  async submit(event) {
    if (!this.inFlight) { this.isStopped = true; return; }
    event.preventDefault();
    await new Promise((done) => { this.idle = done; });
    this.idle = null;
    this.form.requestSubmit(event.submitter);
  }

  // What a person sees ----------------------------------------------------------------

  say(state, sentence = null) {
    const words = sentence ?? this.state.dataset[`words${state.replace(/(^|-)(\w)/g, (_all, _dash, letter) => letter.toUpperCase())}`] ?? "";
    this.state.dataset.state = state;
    if (this.state.textContent !== words) this.state.textContent = words;
    if (state === "signed-out") {
      const link = document.createElement("a");
      link.href = `${this.root.dataset.loginUrl}?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = "→";
      link.setAttribute("aria-label", words);
      this.state.append(" ", link);
    }
  }

  showErrors(name, sentences) {
    if (this.tables.has(name)) return;
    const first = this.form.querySelector(`[name="${name}"]`);
    const field = first.closest(".field");
    field.querySelectorAll(".field-error").forEach((one) => one.remove());
    field.classList.toggle("field--wrong", sentences.length > 0);
    first.classList.toggle("is-invalid", sentences.length > 0);
    if (!sentences.length) { first.removeAttribute("aria-invalid"); return; }
    const place = document.createElement("div");
    place.className = "field-error";
    place.id = `id_${name}-error`;
    place.textContent = sentences.join(" ");
    first.setAttribute("aria-invalid", "true");
    first.setAttribute("aria-describedby", place.id);
    if (first.closest(".choices, [data-cells]")) field.querySelector("legend").after(place);
    else (first.closest(".field-unit") ?? first).before(place);
  }

  showSections(answer) {
    for (const section of answer.sections) {
      const line = this.root.querySelector(`[data-section="${section.key}"]`);
      if (!line) continue;
      const badge = line.querySelector("[data-badge]");
      const isDone = section.missing.length === 0;
      badge.textContent = isDone ? badge.dataset.wordsDone : badge.dataset.wordsMissing.replace("{n}", section.missing.length);
      badge.className = `badge-state badge-state--${isDone ? "done" : section.started ? "waiting" : "neutral"}`;
      line.querySelector("[data-missing]").replaceChildren(...section.missing.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }));
    }
    // What the standard form asks for opens when the sum passes into it; it is never folded away.
    const fold = this.root.querySelector("[data-fold]");
    if (fold && answer.needs_detail) fold.open = true;
    fold?.querySelector("[data-fold-optional]").toggleAttribute("hidden", answer.needs_detail);
    this.conditions.about = answer.about;
    this.conditions.ofForm(answer.is_short);
    this.showProgressTotal();
  }

  showProgressTotal() {
    const lines = [...this.root.querySelectorAll("[data-section]")];
    const done = lines.filter((line) => !line.querySelector("[data-missing] li")).length;
    this.root.querySelector("[data-progress-total]").textContent = `${done} / ${lines.length}`;
  }

  // How many characters still fit.
  count() {
    for (const area of this.form.querySelectorAll("[data-limit]:is(textarea)")) {
      let place = area.parentElement.querySelector(".counter");
      if (!place) {
        place = document.createElement("span");
        place.className = "counter";
        place.setAttribute("aria-hidden", "true");
        area.after(place);
        area.addEventListener("input", () => this.count());
      }
      const length = [...area.value].length;
      place.textContent = `${length} / ${area.dataset.limit}`;
      place.classList.toggle("counter--over", length > Number(area.dataset.limit));
    }
  }

  // Two versions -----------------------------------------------------------------------

  overtaken(refusal) {
    this.isStopped = true;
    this.doubt = null;
    this.say("conflict");
    this.conflict.show(refusal, this.dirty);
  }

  // The person has chosen: what is theirs is taken over, what is hers is sent on the new page.
  goOn(revision, stored, theirs) {
    for (const name of theirs) this.dirty.delete(name);
    for (const [name, value] of Object.entries(stored)) {
      if (this.dirty.has(name) || !this.isHere(name)) continue;
      if (JSON.stringify(this.value(name)) !== JSON.stringify(value)) this.put(name, value);
    }
    this.revision.value = revision;
    this.isStopped = false;
    this.count();
    this.keep();
    if (this.dirty.size) this.soon(0);
    else this.say("saved", this.state.dataset.wordsTaken);
  }

  isHere(name) {
    return this.tables.has(name) || Boolean(this.form.querySelector(`[name="${name}"]`));
  }

  labelOf(name) {
    const place = this.root.querySelector(`#${name}-title`)
      ?? this.form.querySelector(`[name="${name}"]`)?.closest(".field")?.querySelector(".field-label");
    return place?.textContent.trim() ?? name;
  }

  spoken(name, value) {
    if (this.tables.has(name)) return this.tables.get(name).spoken(value);
    const inputs = [...this.form.querySelectorAll(`[name="${name}"]`)];
    if (/checkbox|radio/.test(inputs[0].type)) {
      const chosen = [value].flat();
      return inputs.filter((one) => chosen.includes(one.value)).map((one) => one.closest("label").textContent.trim()).join("、");
    }
    return value;
  }
}

const root = document.querySelector("[data-editor]");
if (root) new Editor(root);

// A sheet is kept on this device with every key, then sent; it is forgotten here only when the
// server has said that it has it. One request at a time, the latest words last. What another page
// saved in between is never overwritten: both are shown, and the reviewer chooses.

import { Conflict, same } from "./conflict.js";

const PAUSE = 900;
const RETRIES = [2000, 5000, 15000, 30000];

export class Keeping {
  constructor(form, changed) {
    this.form = this.root = form;
    this.changed = changed;
    this.place = form.querySelector("[data-saved]");
    this.key = `qicai-sheet:${form.dataset.sheet}`;
    this.sending = null;
    this.failures = 0;
    this.isStopped = false;
    this.isDirty = false;
    this.conflict = new Conflict(this);
    form.addEventListener("input", (event) => {
      if (event.target.name && !event.target.closest("[data-conflict]")) this.touch();
    });
    window.addEventListener("online", () => { this.failures = 0; if (this.isDirty) this.send(); });
    window.addEventListener("offline", () => { if (this.isDirty) this.say("offline"); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.isDirty) this.send(); });
    this.restore();
  }

  words() {
    const found = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !/^(csrfmiddlewaretoken|revision|conflict-.*)$/.test(name)) found[name] = value;
    }
    return found;
  }

  touch() {
    this.isDirty = true;
    this.keep();
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  keep() {
    try {
      if (this.isDirty) localStorage.setItem(this.key, JSON.stringify({ revision: this.form.elements.revision.value, words: this.words() }));
      else localStorage.removeItem(this.key);
    } catch { /* a full or forbidden store: the page still holds the words */ }
  }

  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.key)); } catch { /* not ours to read */ }
    if (!kept?.words) return;
    const now = this.words();
    const differing = Object.entries(kept.words).filter(([name, value]) => this.isHere(name) && (now[name] ?? "") !== value);
    if (!differing.length) {
      try { localStorage.removeItem(this.key); } catch { /* nothing to forget */ }
      return;
    }
    for (const [name, value] of differing) this.put(name, value);
    // As what it is: typed on that older page. Whether it is a conflict the server knows.
    if (kept.revision) this.form.elements.revision.value = kept.revision;
    this.isDirty = true;
    this.say("restored");
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  put(name, value) {
    const field = this.form.elements[name];
    if (!field) return;
    if (field instanceof RadioNodeList) for (const one of field) one.checked = one.value === value;
    else field.value = value;
  }

  isHere(name) {
    return Boolean(this.form.elements[name]);
  }

  // True when the server has what stands here.
  async send(keeps = false) {
    clearTimeout(this.timer);
    if (this.sending) {
      await this.sending;
      if (!this.isDirty && !keeps) return true;
    }
    if (this.isStopped) return false;
    if (!navigator.onLine) return this.failed("offline");
    this.sending = this.post(keeps);
    const isIn = await this.sending;
    this.sending = null;
    return isIn;
  }

  async post(keeps) {
    const sent = JSON.stringify(this.words());
    const data = new FormData(this.form);
    if (keeps) data.set("keeps", "1");
    this.say("saving");
    try {
      const answer = await fetch(this.form.dataset.saveUrl, {
        method: "POST",
        body: new URLSearchParams([...data].filter(([, value]) => typeof value === "string")),
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: document.hidden,
      });
      return await this.take(answer, sent);
    } catch {
      return this.failed(navigator.onLine ? "failed" : "offline");
    }
  }

  async take(answer, sent) {
    if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) {
      const kept = await answer.json();
      this.failures = 0;
      this.form.elements.revision.value = kept.revision;
      this.isDirty = JSON.stringify(this.words()) !== sent;
      this.keep();
      this.say("saved", ` ${kept.saved_at}`);
      if (this.isDirty) this.timer = setTimeout(() => this.send(), PAUSE);
      return true;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      this.isStopped = true;
      this.say("signed-out");
      return false;
    }
    if (answer.status === 409) {
      const refusal = await answer.json();
      this.isStopped = true;
      if (refusal.code === "review_overtaken") {
        this.say("conflict");
        const mine = Object.keys(refusal.facts.fields).filter((name) => this.isHere(name));
        for (const name of Object.keys(this.words())) if (!(name in refusal.facts.fields)) refusal.facts.fields[name] = "";
        this.conflict.show(refusal, new Map([...new Set([...mine, ...Object.keys(this.words())])].map((name) => [name, this.words()[name] ?? ""])));
      } else {
        this.tell(refusal.message); // the panel or the phase has closed, or the sheet was handed in
      }
      return false;
    }
    return this.failed("failed");
  }

  failed(state) {
    this.say(state);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
    return false;
  }

  say(state, more = "") {
    const words = this.place.dataset[`${state.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase())}Words`];
    this.tell(`${words}${more}`, /offline|failed|signed|conflict/.test(state));
  }

  tell(sentence, isTrouble = true) {
    if (this.place.textContent !== sentence) this.place.textContent = sentence;
    this.place.classList.toggle("review-saved--failed", isTrouble);
  }

  // What the page of two versions asks ------------------------------------------------------

  labelOf(name) {
    const field = this.form.elements[name];
    const one = field instanceof RadioNodeList ? field[0] : field;
    return one?.getAttribute("aria-label") || one?.closest(".field")?.querySelector(".field-label")?.textContent.trim() || name;
  }

  spoken(name, value) {
    const field = this.form.elements[name];
    if (!(field instanceof RadioNodeList)) return value;
    return [...field].find((one) => one.value === value)?.closest("label")?.textContent.trim() ?? value;
  }

  goOn(revision, stored, theirs) {
    for (const name of theirs) this.put(name, stored[name]);
    this.form.elements.revision.value = revision;
    this.isStopped = false;
    this.isDirty = true;
    this.changed();
    this.keep();
    this.send();
  }
}

export { same };

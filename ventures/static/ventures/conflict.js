// Two versions of one draft, side by side: what differs, and which one to keep, field by field.
// Nothing is overwritten before the person has chosen.

export class Conflict {
  constructor(editor) {
    this.editor = editor;
    this.panel = editor.root.querySelector("[data-conflict]");
    this.list = this.panel.querySelector("[data-conflict-list]");
    this.go = this.panel.querySelector("[data-conflict-go]");
    for (const side of ["mine", "theirs"]) {
      this.panel.querySelector(`[data-all-${side}]`).addEventListener("click", () => {
        for (const radio of this.list.querySelectorAll(`input[value="${side}"]`)) radio.checked = true;
        this.ready();
      });
    }
    this.list.addEventListener("change", () => this.ready());
    this.go.addEventListener("click", () => this.settle());
  }

  // `mine` is what was typed here, `stored` what the server holds now.
  show(refusal, mine) {
    this.stored = refusal.facts.fields;
    this.revision = refusal.facts.revision;
    this.panel.querySelector("[data-conflict-sentence]").textContent = refusal.message;
    const differing = [...mine].filter(([name, value]) => name in this.stored && !same(value, this.stored[name]));
    this.names = differing.map(([name]) => name);
    this.list.replaceChildren(...differing.map(([name, value]) => this.choice(name, value, this.stored[name])));
    if (!this.names.length) return this.settle();
    this.ready();
    this.panel.hidden = false;
    this.panel.scrollIntoView({ block: "start" });
    this.panel.focus();
  }

  choice(name, mine, theirs) {
    const words = this.list.dataset;
    const field = document.createElement("fieldset");
    field.className = "conflict-field";
    const legend = document.createElement("legend");
    legend.textContent = this.editor.labelOf(name);
    field.append(legend);
    for (const [side, label, value] of [["mine", words.wordsMine, mine], ["theirs", words.wordsTheirs, theirs]]) {
      const line = document.createElement("label");
      line.className = "choice conflict-choice";
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.className = "form-check-input";
      radio.name = `conflict-${name}`;
      radio.value = side;
      const text = document.createElement("span");
      text.className = "choice-text";
      const strong = document.createElement("strong");
      strong.textContent = label;
      const said = document.createElement("span");
      said.className = "conflict-words";
      said.textContent = this.editor.spoken(name, value) || words.wordsEmpty;
      text.append(strong, said);
      line.append(radio, text);
      field.append(line);
    }
    return field;
  }

  ready() {
    this.go.disabled = this.names.some((name) => !this.list.querySelector(`input[name="conflict-${name}"]:checked`));
  }

  settle() {
    const theirs = this.names.filter((name) => this.list.querySelector(`input[name="conflict-${name}"]:checked`)?.value === "theirs");
    this.panel.hidden = true;
    this.editor.goOn(this.revision, this.stored, theirs);
  }
}

export function same(one, other) {
  const plain = (value) => JSON.stringify(Array.isArray(value) && typeof value[0] !== "object" ? [...value].sort() : value);
  return plain(one) === plain(other);
}

// Where somebody writes, picks a command, fills in its options or a form.

import { el, options_of } from "/static/draw.js";

let made = 0;

// A list of suggestions below a field: arrows move, Enter or a press takes one.
class Suggestions {
  constructor(input, take, first) {
    this.input = input;
    this.take = take;
    this.first = first;
    this.id = `suggestions-${made++}`;
    this.list = el("ul", { role: "listbox", id: this.id, hidden: true, class: "suggestions", "aria-label": "Suggestions" });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.id);
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("autocomplete", "off");
    input.addEventListener("blur", () => setTimeout(() => this.show([]), 150));
  }

  show(found) {
    const before = this.found?.[this.at]?.label;
    this.found = found;
    this.at = found.findIndex((one) => one.label === before);
    if (this.at < 0 && this.first && found.length) this.at = 0;
    this.list.replaceChildren(...found.map((one, number) => el("li", {
      role: "option", id: `${this.id}-${number}`,
      onmousedown: (event) => { event.preventDefault(); this.choose(number); },
    }, el("span", {}, one.label), one.about ? el("small", {}, one.about) : null)));
    this.list.hidden = !found.length;
    this.mark();
  }

  // At once, until the bot has said what fits: what does not fit any more goes.
  narrow(typed) {
    this.show((this.found ?? []).filter((one) => one.label.toLowerCase().includes(typed.toLowerCase())));
  }

  mark() {
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    [...this.list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === this.at)));
    const active = this.at >= 0 ? `${this.id}-${this.at}` : "";
    this.input.setAttribute("aria-activedescendant", active);
    if (active) this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  choose(number) {
    const one = this.found[number];
    this.show([]);
    this.take(one);
  }

  // Whether the key was for the list.
  key(event) {
    if (this.list.hidden) return false;
    const count = this.found.length;
    if (event.key === "ArrowDown") this.at = (this.at + 1) % count;
    else if (event.key === "ArrowUp") this.at = (this.at - 1 + count) % count;
    else if (event.key === "Escape") { this.show([]); return true; }
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) { this.choose(this.at); return true; }
    else return false;
    this.mark();
    return true;
  }
}

export class Composer {
  constructor(column) {
    this.column = column;
    this.input = el("input", { class: "write", type: "text", placeholder: "Write, or / for a command", "aria-label": "Write, or / for a command" });
    this.suggestions = new Suggestions(this.input, (leaf) => this.use(leaf.leaf), true);
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.plain = el("div", { class: "plain" }, this.input,
      el("button", { type: "button", class: "button send", onclick: () => this.send() }, "Send"));
    this.command = el("div", { class: "command", hidden: true });
    this.status = el("p", { class: "status", role: "status" });
    this.root = el("div", { class: "composer" }, this.status, this.suggestions.list, this.command, this.plain);
  }

  say(text, bad) {
    this.status.textContent = text;
    this.status.classList.toggle("bad", Boolean(bad));
  }

  reset() {
    this.input.value = "";
    this.suggestions.show([]);
    this.command.hidden = true;
    this.command.replaceChildren();
    this.plain.hidden = false;
    this.say("");
  }

  async suggest() {
    const typed = this.input.value;
    if (!typed.startsWith("/")) { this.suggestions.show([]); return; }
    const words = typed.slice(1).toLowerCase();
    const leaves = await this.column.commands();
    if (this.input.value !== typed) return;
    const begin = leaves.filter((leaf) => leaf.name.startsWith(words));
    const hold = leaves.filter((leaf) => !leaf.name.startsWith(words) && leaf.name.includes(words));
    this.suggestions.show([...begin, ...hold].map((leaf) => ({ label: `/${leaf.name}`, about: leaf.about, leaf })));
  }

  key(event) {
    if (event.isComposing) return;
    if (this.suggestions.key(event)) event.preventDefault();
    else if (event.key === "Enter") { event.preventDefault(); this.send(); }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    if (!text.startsWith("/")) { this.finish(await this.column.send(text)); return; }
    const leaves = await this.column.commands();
    const typed = text.slice(1);
    const leaf = leaves.filter((one) => `${typed} `.startsWith(`${one.name} `)).sort((a, b) => b.name.length - a.name.length)[0];
    if (!leaf) { this.say(`There is no such command here: ${text}`, true); return; }
    this.use(leaf, typed_options(leaf, typed.slice(leaf.name.length)));
  }

  // Begin a command; one that needs nothing more is sent at once.
  use(leaf, given = {}) {
    this.reset();
    const fields = leaf.options.map((option) => new Field(option, this, leaf, given[option.name]));
    const missing = fields.some((field) => field.option.required && !field.value());
    if (!missing && (Object.keys(given).length || !leaf.options.length)) {
      this.fields = fields;
      this.submit(leaf);
      return;
    }
    this.fields = fields;
    const needed = fields.filter((field, number) => field.option.required || field.value() || number < 2);
    const rest = fields.filter((field) => !needed.includes(field));
    const more = rest.length ? el("button", {
      type: "button", class: "link", onclick: () => { more.replaceWith(...rest.map((field) => field.root)); rest[0].input.focus(); },
    }, `${rest.length} more option${rest.length > 1 ? "s" : ""}`) : null;
    this.command.replaceChildren(
      el("p", { class: "using" }, el("strong", {}, `/${leaf.name}`), " ", leaf.about,
        el("button", { type: "button", class: "link leave", "aria-label": "Leave this command", onclick: () => { this.reset(); this.input.focus(); } }, "✕")),
      ...needed.map((field) => field.root), more ?? "",
      el("button", { type: "button", class: "button style-1 send", onclick: () => this.submit(leaf) }, "Send"),
    );
    this.command.hidden = false;
    this.plain.hidden = true;
    (needed[0]?.input ?? this.command.querySelector(".send")).focus();
  }

  given() {
    return Object.fromEntries(this.fields.map((field) => [field.option.name, field.value()]).filter(([, value]) => value !== "" && value !== null));
  }

  async submit(leaf) {
    const missing = this.fields.find((field) => field.option.required && !field.value());
    if (missing) { this.say(`${missing.option.name}: please fill that in.`, true); missing.input.focus(); return; }
    const options = {};
    for (const field of this.fields) {
      const value = await field.read();
      if (value !== "" && value !== null) options[field.option.name] = value;
    }
    this.finish(await this.column.slash(leaf.name, options));
  }

  finish(outcome) {
    if (["answered", "refused", "form", "working"].includes(outcome.kind)) {
      const had = this.root.contains(document.activeElement) || document.activeElement === document.body;
      this.reset();
      if (had && outcome.kind !== "form") this.input.focus();
    }
    this.column.done(outcome);
  }
}

// `/character name:Boaz show:x` as somebody types it.
function typed_options(leaf, text) {
  const names = leaf.options.map((option) => option.name);
  const marks = [...text.matchAll(/(?:^|\s)([\w-]+):/g)].filter((match) => names.includes(match[1]));
  return Object.fromEntries(marks.map((match, number) => [
    match[1], text.slice(match.index + match[0].length, marks[number + 1]?.index).trim(),
  ]));
}

class Field {
  constructor(option, composer, leaf, given) {
    this.option = option;
    const column = composer.column;
    const choices = option.choices.length ? option.choices : column.entities(option.kind);
    if (option.kind === "check" || choices) {
      const all = choices ?? [{ label: "Yes", value: "yes" }, { label: "No", value: "no" }];
      this.input = el("select", {}, el("option", { value: "" }, option.required ? "Choose" : "–"),
        all.map((one) => el("option", { value: one.value, selected: String(one.value) === given }, one.label)));
    } else {
      const type = option.kind === "file" ? "file" : "text";
      this.input = el("input", { type, value: given ?? "" });
    }
    this.input.setAttribute("aria-label", option.name);
    this.input.setAttribute("aria-required", String(option.required));
    this.root = el("label", { class: "field" }, el("span", {}, option.name, option.required ? " *" : ""), this.input, el("small", {}, option.about));
    if (option.completes) this.complete(composer, leaf);
    this.input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (this.suggestions?.key(event)) event.preventDefault();
      else if (event.key === "Enter") { event.preventDefault(); composer.submit(leaf); }
      else if (event.key === "Escape") { composer.reset(); composer.input.focus(); }
    });
  }

  complete(composer, leaf) {
    this.suggestions = new Suggestions(this.input, (one) => {
      this.input.value = one.label;
      this.chosen = one;
      this.input.focus();
    }, false);
    this.root.append(this.suggestions.list);
    const ask = async () => {
      const typed = this.input.value;
      const options = { ...composer.given(), [this.option.name]: typed };
      const found = await composer.column.complete(leaf.name, this.option.name, options);
      if (this.input.value !== typed || document.activeElement !== this.input) return;
      this.suggestions.show((Array.isArray(found) ? found : []).map((one) => ({ label: one.name, value: one.value })));
    };
    this.input.addEventListener("input", () => { this.chosen = null; this.suggestions.narrow(this.input.value); clearTimeout(this.waiting); this.waiting = setTimeout(ask, 120); });
    this.input.addEventListener("focus", ask);
  }

  value() {
    if (this.option.kind === "file") return this.input.files.length ? this.input.files[0].name : "";
    const typed = this.input.value;
    return this.chosen?.label === typed ? this.chosen.value : typed.trim();
  }

  async read() {
    if (this.option.kind === "file") return this.input.files.length ? await file(this.input.files[0]) : "";
    const value = this.value();
    return this.option.kind === "check" && value ? value === "yes" : value;
  }
}

async function file(chosen) {
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { name: chosen.name, data: btoa(text) };
}

// A form that the bot opened, over the column of whoever pressed.
export function form(spec, column, send, leave) {
  const readers = [];
  const fields = spec.fields.map((field) => {
    if (field.kind === "note") return el("p", { class: "small" }, field.text);
    const [input, read] = control(field, column);
    readers.push([field, read]);
    const about = field.about ? el("small", {}, field.about) : null;
    const name = `${field.label}${field.required ? " *" : ""}`;
    if (input.tagName === "FIELDSET") { input.prepend(el("legend", {}, name)); return el("div", { class: "field" }, input, about); }
    input.setAttribute("aria-label", field.label || "Field");
    return el("label", { class: "field" }, el("span", {}, name), input, about);
  });
  const root = el("form", { class: "form", role: "dialog", "aria-label": spec.title, novalidate: true },
    el("h3", {}, spec.title), fields,
    el("p", { class: "row" },
      el("button", { type: "submit", class: "button style-1" }, "Submit"),
      el("button", { type: "button", class: "button", onclick: leave }, "Cancel")));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) root.requestSubmit();
  });
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = {};
    for (const [field, read] of readers) {
      const value = await read();
      const empty = value === "" || value === null || (Array.isArray(value) && !value.length);
      if (empty && field.required && field.kind !== "check") { column.composer.say(`${field.label}: please fill that in.`, true); return; }
      if (!empty) values[field.id] = value;
    }
    send(values);
  });
  return root;
}

function control(field, column) {
  const options = options_of(field, column);
  if (field.kind === "area") {
    const area = el("textarea", { rows: 4 }, field.value);
    return [area, () => area.value];
  }
  if (field.kind === "file") {
    const input = el("input", { type: "file", multiple: field.most > 1 });
    return [input, () => Promise.all([...input.files].map(file))];
  }
  if (field.kind === "check") {
    const box = el("input", { type: "checkbox" });
    return [box, () => box.checked];
  }
  if (field.kind === "radio" || field.kind === "checks") {
    const type = field.kind === "radio" ? "radio" : "checkbox";
    const boxes = options.map((one) => el("input", { type, name: field.id, value: one.value, checked: one.chosen }));
    const set = el("fieldset", {}, options.map((one, number) => el("label", { class: "check" }, boxes[number], one.label)));
    const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
    return [set, () => (type === "radio" ? chosen()[0] ?? null : chosen())];
  }
  if (field.kind !== "text") {
    const select = el("select", { multiple: field.most > 1 }, field.most > 1 ? null : el("option", { value: "" }, field.placeholder || "Choose"),
      options.map((one) => el("option", { value: one.value, selected: one.chosen }, one.label)));
    return [select, () => [...select.selectedOptions].map((one) => one.value).filter(Boolean)];
  }
  const input = el("input", { type: "text", value: field.value, placeholder: field.placeholder });
  return [input, () => input.value];
}

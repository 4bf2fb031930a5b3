// The page: three columns, each one person's view of a room, and the steps to try.

import { Composer, form } from "/static/compose.js";
import { el, message, told } from "/static/draw.js";

const KEY = location.hash.slice(1);
const NEAR = 60; // pixels from the end of a log within which it follows what comes
const AFTER = 5000; // milliseconds after an act in which what the bot says is taken for its answer

async function ask(path, body = {}) {
  const answer = await fetch(`/api/${path}`, {
    method: "POST",
    headers: { "X-Demo-Key": KEY, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

const json = async (path, body) => (await ask(path, body)).json();

class Column {
  constructor(number, who, room) {
    Object.assign(this, { number, who, room, rooms: [], articles: new Map(), drawn: new Map(), files: new Map() });
    this.composer = new Composer(this);
    this.eyes = el("select", { onchange: () => this.show(this.eyes.value, this.room) },
      page.people.map((one) => el("option", { value: one.who }, one.name)));
    this.place = el("select", { onchange: () => this.show(this.who, this.place.value) });
    this.about = el("p", { class: "about" });
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": "Messages" });
    this.follows = true;
    this.log.addEventListener("scroll", () => { this.follows = this.gap() < NEAR; });
    new ResizeObserver(() => { if (this.follows) this.bottom(); }).observe(this.log);
    this.closed = el("div", { class: "closed", hidden: true });
    this.over = el("div", { class: "over", hidden: true });
    this.root = el("section", { class: "column", id: `column-${number}`, role: "region" },
      el("header", { class: "head" },
        el("div", { class: "pickers" },
          el("label", {}, el("span", {}, "Whose eyes"), this.eyes),
          el("label", {}, el("span", {}, "Room"), this.place)),
        this.about),
      this.log, this.closed, this.over, this.composer.root);
    this.tab = el("button", { type: "button", role: "tab", "aria-controls": `column-${number}`, onclick: () => page.pick(number) });
    this.name();
  }

  gap() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight; }
  bottom() { this.log.scrollTop = this.log.scrollHeight; }

  name() {
    const person = page.people.find((one) => one.who === this.who);
    this.eyes.value = this.who;
    this.tab.textContent = person.name;
    this.root.dataset.who = this.who;
    this.root.setAttribute("aria-label", `What ${person.name} sees`);
  }

  // Look through other eyes, or at another room.
  show(who, room, wanted = null) {
    const moved = who !== this.who || room !== this.room;
    this.wanted = wanted;
    if (moved) {
      Object.assign(this, { who, room, leaves: null });
      this.articles.clear();
      this.drawn.clear();
      this.log.replaceChildren();
      this.composer.reset();
      this.cover(null);
      this.name();
      page.watch();
    } else this.seek();
  }

  update(news) {
    const { log, follows } = this;
    this.fill(news.rooms);
    this.about.textContent = news.about;
    this.closed.hidden = !news.closed;
    log.hidden = news.closed;
    this.composer.root.hidden = news.closed;
    if (news.closed) this.shut();
    const said = news.changed.filter((one) => one.bot && !this.articles.has(one.id)).at(-1);
    if (said && this.articles.size && Date.now() < (this.acted ?? 0) + AFTER) this.wanted = this.arrived = said.id;
    if (this.awaiting && said?.private) { this.wanted = said.id; this.awaiting = false; this.composer.say(""); }
    for (const one of news.changed) this.redraw(one);
    for (const id of [...this.articles.keys()]) {
      if (!news.order.includes(id)) { this.articles.get(id).remove(); this.articles.delete(id); }
    }
    news.order.forEach((id, at) => {
      const article = this.articles.get(id);
      if (log.children[at] !== article) log.insertBefore(article, log.children[at] ?? null);
    });
    if (follows) this.bottom();
    this.seek();
  }

  redraw(one) {
    const before = this.articles.get(one.id);
    const focused = before?.contains(document.activeElement) ? document.activeElement : null;
    const article = message(one, this, page.menus);
    this.articles.set(one.id, article);
    if (!before) return;
    before.replaceWith(article);
    if (focused) {
      const key = CSS.escape(focused.dataset.key ?? "");
      (article.querySelector(`[data-key="${key}"]`) ?? article).focus({ preventScroll: true });
    }
  }

  fill(rooms) {
    const told = JSON.stringify(rooms);
    if (told !== this.known) {
      this.known = told;
      this.rooms = rooms;
      this.place.replaceChildren(...rooms.map((room) => el("option", { value: room.id },
        `${room.thread ? "↳ " : "#"}${room.name}${room.closed ? " (closed)" : ""}`)));
    }
    this.place.value = this.room;
  }

  shut() {
    const open = this.rooms.find((room) => !room.closed && !room.thread);
    this.closed.replaceChildren(
      el("p", {}, "This room is closed to these eyes. In Discord it would not even be in the list."),
      open ? el("button", { type: "button", class: "button", onclick: () => this.show(this.who, open.id) }, `Go to #${open.name}`) : "");
  }

  // Scroll to the message that is wanted, once it is there: its head first if it is tall.
  seek() {
    const article = this.articles.get(this.wanted);
    if (!article?.isConnected) return;
    const tall = article.offsetHeight > this.log.clientHeight;
    const top = article.offsetTop - this.log.offsetTop;
    this.log.scrollTop = tall ? top : top + article.offsetHeight - this.log.clientHeight + 8;
    article.classList.remove("fresh");
    void article.offsetWidth;
    article.classList.add("fresh");
    this.wanted = null;
  }

  async act(body) {
    this.root.classList.add("busy");
    if (body.do !== "commands" && body.do !== "complete") Object.assign(this, { acted: Date.now(), arrived: null });
    try {
      return await json("act", { who: this.who, channel: this.room, ...body });
    } catch {
      return { kind: "failed", said: "The demo does not answer. Is it still running?" };
    } finally {
      this.root.classList.remove("busy");
    }
  }

  send(text) { return this.act({ do: "send", text }); }
  slash(name, options) { return this.act({ do: "slash", name, options }); }
  complete(name, option, options) { return this.act({ do: "complete", name, option, options }); }
  async press(id, button) { this.done(await this.act({ do: "press", message: id, id: button })); }
  async menu(id, name) { this.done(await this.act({ do: "menu", message: id, name })); }
  async choose(id, node, values) {
    this.done(await this.act({ do: "select", message: id, id: node.id, kind: node.kind, values }));
  }
  open(id, key) { return ask("open", { who: this.who, message: id, key }); }

  async commands() {
    this.leaves ??= await this.act({ do: "commands" });
    return this.leaves;
  }

  entities(kind) {
    if (kind === "user") return page.people.map((one) => ({ label: one.name, value: one.id }));
    if (kind === "role") return page.roles.map((one) => ({ label: one.name, value: one.id }));
    if (kind === "channel") return this.rooms.filter((one) => !one.closed).map((one) => ({ label: `#${one.name}`, value: one.id }));
    return null;
  }

  file(id, file) {
    const name = `${id}/${file}`;
    if (!this.files.has(name)) {
      this.files.set(name, ask("file", { who: this.who, channel: this.room, message: id, file })
        .then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob)));
    }
    return this.files.get(name);
  }

  go(channel, id) {
    if (this.rooms.some((room) => room.id === channel)) this.show(this.who, channel, id);
    else this.composer.say("That is not there any more.", true);
  }

  async use(name) {
    const leaf = (await this.commands()).find((one) => one.name === name || one.name.startsWith(`${name} `));
    if (leaf) this.composer.use(leaf);
    else this.composer.say(`/${name} is not for ${this.tab.textContent} here.`, true);
  }

  // What came of something that was done in this column.
  done(outcome) {
    this.composer.say(outcome.said ?? "", outcome.kind === "impossible" || outcome.kind === "failed");
    this.awaiting = outcome.kind === "working";
    if (outcome.form) {
      this.cover(form(outcome.form, this,
        async (values) => {
          const sent = await this.act({ do: "form", key: outcome.form.key, values });
          this.cover(null);
          this.done(sent);
        },
        () => { this.cover(null); this.composer.input.focus(); }));
      return;
    }
    if (outcome.channel && outcome.channel !== this.room) return;
    this.wanted = this.arrived ?? outcome.message ?? this.wanted;
    this.seek();
  }

  cover(shown) {
    this.over.hidden = !shown;
    this.over.replaceChildren(...(shown ? [shown] : []));
    shown?.querySelector("input, textarea, select")?.focus();
  }
}

const page = {
  columns: [],

  async begin() {
    Object.assign(this, await json("hello"));
    for (const [number, one] of this.people.slice(0, 3).entries()) {
      this.columns.push(new Column(number, one.who, this.first));
    }
    document.getElementById("columns").append(...this.columns.map((one) => one.root));
    document.getElementById("tabs").append(...this.columns.map((one) => one.tab));
    document.getElementById("steps").append(...this.steps.map((step, number) => el("li", {},
      el("button", { type: "button", class: "step", "data-step": number, onclick: (event) => this.try(number, event.currentTarget) },
        el("strong", {}, `${number + 1}. ${step.title}`), el("span", {}, step.about)))));
    const toggle = document.getElementById("try-toggle");
    toggle.addEventListener("click", () => {
      const open = document.body.classList.toggle("folded");
      toggle.setAttribute("aria-expanded", String(!open));
    });
    document.addEventListener("keydown", (event) => this.slash(event));
    this.pick(0);
    this.watch();
    setInterval(() => this.tick(), 1000);
  },

  // A slash anywhere begins a command in the column that is used.
  slash(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
    const used = this.columns.find((one) => one.root.contains(document.activeElement));
    const { composer } = used ?? this.columns[Number(document.body.dataset.tab)];
    if (!composer.plain.hidden) composer.input.focus();
  },

  pick(number) {
    document.body.dataset.tab = number;
    this.columns.forEach((one, at) => one.tab.setAttribute("aria-selected", String(at === number)));
  },

  async try(number, button) {
    const steps = document.querySelectorAll(".step");
    const said = document.getElementById("said");
    steps.forEach((one) => { one.disabled = true; });
    said.textContent = "…";
    try {
      const told = await json("try", { step: number });
      said.textContent = told.said;
      button.classList.add("tried");
      this.look(told);
    } catch {
      said.textContent = "The demo does not answer. Is it still running?";
    } finally {
      steps.forEach((one) => { one.disabled = false; });
      button.focus({ preventScroll: true });
    }
  },

  // Show each of the people what a step did; who has no column gets one.
  look(told) {
    const whose = told.seen.map((one) => one.who);
    for (const seen of told.seen) {
      const column = this.columns.find((one) => one.who === seen.who)
        ?? this.columns.find((one) => !whose.includes(one.who));
      column.show(seen.who, seen.channel ?? told.room, seen.message);
      if (seen.kind === "impossible" || seen.kind === "failed") column.composer.say(seen.said, true);
    }
    const current = this.columns[Number(document.body.dataset.tab)];
    if (!whose.includes(current.who)) this.pick(this.columns.findIndex((one) => one.who === whose[0]));
  },

  // One stream for all columns, begun anew when one of them looks elsewhere.
  async watch() {
    this.stream?.abort();
    const stream = this.stream = new AbortController();
    const columns = this.columns.map((one) => ({ who: one.who, channel: one.room }));
    try {
      const answer = await fetch("/api/watch", {
        method: "POST", signal: stream.signal,
        headers: { "X-Demo-Key": KEY, "Content-Type": "application/json" },
        body: JSON.stringify({ columns }),
      });
      const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { value, done } = await lines.read();
        if (done || stream.signal.aborted) break;
        const parts = (rest + value).split("\n");
        rest = parts.pop();
        for (const part of parts.filter(Boolean)) {
          const news = JSON.parse(part);
          this.columns[news.column].update(news);
        }
      }
    } catch (error) {
      if (stream.signal.aborted) return;
    }
    if (!stream.signal.aborted) setTimeout(() => this.watch(), 1000);
  },

  tick() {
    for (const one of document.querySelectorAll("time.moment[data-style=R]")) {
      one.textContent = told(Number(one.dataset.at), "R");
    }
  },
};

page.begin().catch(() => {
  document.getElementById("said").textContent = "This page needs the whole address that the demo printed, with its key.";
});

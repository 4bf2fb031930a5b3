// Messages as elements. Only text nodes are ever made of what people and the bot wrote.

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined));
  return made;
}

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

export function told(at, style) {
  if (style !== "R") return new Intl.DateTimeFormat("en-GB", STYLES[style]).format(at * 1000);
  const seconds = at - Date.now() / 1000;
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

// What a message may ask of its column: open, press, choose, go, use, file.
export function message(data, column, menus) {
  const label = `${data.author}${data.bot ? ", bot" : ""}${data.private ? ", only for you" : ""}`;
  const article = el("article", {
    class: `message${data.private ? " private" : ""}${data.refused ? " refused" : ""}`,
    "data-id": data.id,
    tabindex: "-1",
    "aria-label": label,
  });
  const draw = drawer(data, column);
  article.append(...[
    el("header", {},
      el("span", { class: `face face-${data.author.toLowerCase()}`, "aria-hidden": "true" }, data.author.slice(0, 1)),
      el("strong", { class: "author" }, data.author),
      data.bot ? el("span", { class: "badge" }, "bot") : null,
      el("time", {}, told(data.at, "t")),
      data.edited ? el("span", { class: "faint" }, "(edited)") : null,
      apps(data, column, menus),
    ),
    data.reply ? el("p", { class: "reply" }, draw({ k: "go", ...data.reply, c: ["↩ in reply to a message"] }, "reply")) : null,
    ...data.parts.map((part, number) => draw(part, String(number))),
    data.refused ? el("p", { class: "only-you" }, "A friendly no, and only you see it") : null,
    data.private && !data.refused ? el("p", { class: "only-you" }, "Only you see this") : null,
  ].filter(Boolean));
  return article;
}

function apps(data, column, menus) {
  const list = el("div", { role: "menu", class: "menu", hidden: true },
    menus.map((name) => el("button", {
      type: "button", role: "menuitem", "data-key": `menu-${name}`,
      onclick: () => { list.hidden = true; column.menu(data.id, name); },
    }, name)));
  const button = el("button", {
    type: "button", class: "apps", "aria-haspopup": "menu", "aria-expanded": "false", "data-key": "apps",
    "aria-label": `Apps for this message of ${data.author}`,
    onclick: () => {
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
      if (!list.hidden) list.firstChild.focus();
    },
  }, "⋯");
  const both = el("div", { class: "apps-of" }, button, list);
  both.addEventListener("keydown", (event) => {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { list.hidden = true; button.focus(); }
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
  });
  both.addEventListener("focusout", (event) => {
    if (!both.contains(event.relatedTarget)) { list.hidden = true; button.setAttribute("aria-expanded", "false"); }
  });
  return both;
}

function drawer(data, column) {
  const all = (nodes, place) => nodes.map((node, number) => draw(node, `${place}.${number}`));
  const wrap = (tag, props = {}) => (node, place) => el(tag, props, all(node.c, place));

  const kinds = {
    line: wrap("p"), h1: wrap("h3"), h2: wrap("h4"), h3: wrap("h5"), small: wrap("p", { class: "small" }),
    quote: wrap("blockquote"), pre: wrap("pre"), gap: () => el("div", { class: "gap" }),
    b: wrap("strong"), i: wrap("em"), u: wrap("u"), s: wrap("s"), code: wrap("code"),
    mention: wrap("span", { class: "mention" }), opened: wrap("span", { class: "opened" }),
    text: wrap("div", { class: "text" }), row: wrap("div", { class: "row" }), gallery: wrap("div", { class: "gallery" }),
    rule: () => el("hr"),
    unknown: (node) => el("p", { class: "faint" }, node.c),
    item: (node, place) => el("p", { class: `item depth-${node.depth}` },
      el("span", { class: "bullet", "aria-hidden": "true" }, node.number ?? "•"), el("span", {}, all(node.c, place))),
    link: (node, place) => el("a", { href: node.href, target: "_blank", rel: "noopener noreferrer", class: node.button ? "button" : null }, all(node.c, place)),
    go: (node, place) => el("button", {
      type: "button", class: node.button ? "button" : "link", "data-key": place,
      onclick: () => column.go(node.channel, node.message),
    }, all(node.c, place)),
    command: (node, place) => el("button", { type: "button", class: "link", "data-key": place, onclick: () => column.use(node.name) }, `/${node.name}`),
    time: (node) => el("time", { class: "moment", "data-at": node.at, "data-style": node.style }, told(node.at, node.style)),
    cover: (node) => el("button", {
      type: "button", class: "cover", "data-key": node.key, onclick: () => column.open(data.id, node.key),
    }, "Covered: press to read"),
    box: (node, place) => {
      const box = el("div", { class: "box" }, all(node.c, place));
      if (node.colour) box.style.setProperty("--edge", node.colour);
      return box;
    },
    section: (node, place) => el("div", { class: "section" }, el("div", {}, all(node.c, place)), draw(node.beside, `${place}.a`)),
    button: (node) => el("button", {
      type: "button", class: `button style-${node.style}`, disabled: node.disabled, "data-key": `press-${node.id}`,
      onclick: () => column.press(data.id, node.id),
    }, node.label),
    select: (node) => choice(node, data, column),
    picture: (node) => {
      const image = el("img", { alt: node.alt || "A picture", class: node.src ? "poster" : "attached" });
      if (node.src) image.src = node.src;
      else column.file(data.id, node.file).then((url) => { image.src = url; });
      return image;
    },
    file: (node) => {
      const link = el("a", { class: "file", download: node.name, href: "#" }, `📄 ${node.name}`);
      column.file(data.id, node.file).then((url) => { link.href = url; });
      return link;
    },
  };
  function draw(node, place) {
    if (typeof node === "string") return document.createTextNode(node);
    return (kinds[node.k] ?? kinds.unknown)(node, place);
  }
  return draw;
}

function choice(node, data, column) {
  const options = options_of(node, column);
  const name = node.placeholder || "Choose";
  if (node.most > 1) {
    const boxes = options.map((one) => el("label", { class: "check" },
      el("input", { type: "checkbox", value: one.value, checked: one.chosen, "data-key": `check-${node.id}-${one.value}` }), one.label));
    const send = () => {
      const values = boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value);
      if (values.length) column.choose(data.id, node, values);
    };
    return el("fieldset", {}, el("legend", {}, name), boxes,
      el("button", { type: "button", class: "button", "data-key": `send-${node.id}`, onclick: send }, "Choose"));
  }
  const select = el("select", {
    "aria-label": name, "data-key": `choose-${node.id}`, disabled: node.disabled,
    onchange: () => { if (select.value) column.choose(data.id, node, [select.value]); },
  }, el("option", { value: "" }, name), options.map((one) => el("option", { value: one.value, selected: one.chosen }, one.about ? `${one.label} · ${one.about}` : one.label)));
  return select;
}

export function options_of(node, column) {
  return node.options?.length ? node.options : (column.entities(node.kind) ?? []);
}

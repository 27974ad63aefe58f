"use strict";
// Draws a report (src/report/page.h) from the data in this file. Texts become text nodes, never markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const T = data.texts;
  const ZH = new Map();
  for (let i = 0; i < data.zh.length; i += 2) ZH.set(data.zh[i], data.zh[i + 1]);
  // The text of a number in the language that is shown.
  const tell = (n) => T[view.lang && ZH.has(n) ? ZH.get(n) : n];
  const SIGNS = { good: "\u2713", half: "\u25D0", warn: "\u2248", bad: "\u2717", quiet: "\u2013", unknown: "?" };
  const LIST_WIDE = 1240;  // the table on a page that is as wide as it gets
  const TONES = ["good", "half", "warn", "bad", "quiet", "unknown"];
  const WORDS = {
    search: data.stops.length
      ? ["Filter: id, name, account, owner, way \u2026", "\u7be9\u9078\uff1aID\u3001\u540d\u7a31\u3001\u5e33\u6236\u3001\u8ca0\u8cac\u4eba\u3001\u8def\u5f91\u2026"]
      : ["Filter: whatever stands in the table \u2026", "\u7be9\u9078\uff1a\u8868\u683c\u4e2d\u7684\u4efb\u4f55\u6587\u5b57\u2026"],
    all: ["All", "\u5168\u90e8"],
    hosts: ["Hosts", "\u4e3b\u6a5f"],
    picture: ["Ways from the internet", "\u7db2\u969b\u7db2\u8def\u9032\u5165\u7684\u8def\u5f91"],
    of: ["of", "/"],
    shown: ["shown", "\u986f\u793a"],
    clear: ["Clear filter", "\u6e05\u9664\u7be9\u9078"],
    close: ["Close", "\u95dc\u9589"],
    theme: ["Light / dark", "\u6dfa\u8272\uff0f\u6df1\u8272"],
    language: ["\u7e41\u9ad4\u4e2d\u6587", "English"],
    print: ["Print", "\u5217\u5370"],
    ways: ["Ways", "\u8def\u5f91"],
    noway: ["No way from the internet was found.", "\u627e\u4e0d\u5230\u7db2\u969b\u7db2\u8def\u9032\u5165\u7684\u8def\u5f91\u3002"],
    none: ["Nothing fits the filter.", "\u6c92\u6709\u7b26\u5408\u7be9\u9078\u7684\u9805\u76ee\u3002"],
    others: ["others", "\u5176\u4ed6"],
    gap: ["no web ACL", "\u7121 web ACL"],
    keys: ["Keys: / filter, arrows move, Enter shows, Esc closes", "\u6309\u9375\uff1a/ \u7be9\u9078\uff0c\u65b9\u5411\u9375\u79fb\u52d5\uff0cEnter \u986f\u793a\uff0cEsc \u95dc\u9589"],
    sort: ["sort by", "\u6392\u5e8f\uff1a"],
    options: ["Options", "\u9078\u9805"],
    states: ["States", "\u72c0\u614b"],
  };
  let view = { state: "", q: "", via: "", sort: -1, down: false, host: "", lang: 0, theme: "" };
  const word = (key) => WORDS[key][view.lang];
  const say = (pair) => pair[view.lang];

  const el = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === false) continue;
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children) if (child !== undefined && child !== null) made.append(child);
    return made;
  };
  const sign = (tone) => el("span", { class: "sign " + tone, "aria-hidden": "true" }, SIGNS[tone]);

  // --- rows: [state, cells, ways, facts]; texts are numbers
  const rows = data.rows.map((row, at) => ({
    at, state: row[0], cells: row[1].map((n) => T[n]), numbers: row[1], ways: row[2], facts: row[3],
  }));
  for (const row of rows) {
    const labels = row.ways.map((way) => {
      let text = "";
      for (let i = 0; i < way[2].length; i += 4) text += " " + T[way[2][i + 2]];
      return text;
    });
    row.search = (row.cells.join("\u0001") + " " + labels.join(" ")).toLowerCase();
  }

  // --- what links say: #state=not&q=shop&sort=1&down=1&host=i-1&lang=zh
  const readLink = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    const wanted = said.get("lang") || (navigator.language || "").toLowerCase();
    view = {
      state: data.states.some((s) => s.word === said.get("state")) ? said.get("state") : "",
      q: said.get("q") || "", via: said.get("via") || "",
      sort: /^\d+$/.test(said.get("sort") || "") ? Number(said.get("sort")) : -1,
      down: said.get("down") === "1", host: said.get("host") || "",
      lang: wanted.startsWith("zh") ? 1 : 0,
      theme: ["light", "dark"].includes(said.get("theme")) ? said.get("theme") : "",
    };
    if (view.sort >= data.columns.length) view.sort = -1;
  };
  const writeLink = () => {
    const said = new URLSearchParams();
    for (const key of ["state", "q", "via", "host", "theme"]) if (view[key]) said.set(key, view[key]);
    if (view.sort >= 0) said.set("sort", String(view.sort));
    if (view.down) said.set("down", "1");
    said.set("lang", view.lang ? "zh" : "en");
    history.replaceState(null, "", "#" + said.toString());
  };

  let found = rows;
  const select = () => {
    const q = view.q.trim().toLowerCase();
    const state = data.states.findIndex((s) => s.word === view.state);
    found = rows.filter((row) =>
      (state < 0 || row.state === state) && (!q || row.search.includes(q)) &&
      (!view.via || row.ways.some((way) => stopsOf(way).some((stop) => stop.id === view.via))));
    if (view.sort >= 0) {
      const at = view.sort;
      const order = (a, b) => at === 0 ? a.state - b.state
        : a.cells[at].localeCompare(b.cells[at], undefined, { numeric: true });
      found = [...found].sort((a, b) => (view.down ? -order(a, b) : order(a, b)) || a.at - b.at);
    }
  };
  const stopsOf = (way) => {
    const stops = [];
    for (let i = 0; i < way[2].length; i += 4) {
      stops.push({ column: way[2][i], id: T[way[2][i + 1]], label: T[way[2][i + 2]], tone: TONES[way[2][i + 3]] });
    }
    return stops;
  };

  const change = (more) => {
    Object.assign(view, more);
    writeLink();
    select();
    draw();
  };

  // --- parts of the page
  const parts = {};
  const counts = (list) => {
    const made = data.states.map(() => 0);
    for (const row of list) ++made[row.state];
    return made;
  };

  const drawTop = () => {
    const title = el("div", {}, el("h1", {}, say(data.title)), el("p", { class: "headline" }, say(data.headline)));
    for (const line of data.lines) title.append(el("p", { class: "soft" }, say(line)));
    const tools = el("div", { class: "tools", role: "group", "aria-label": word("options") },
      el("button", { id: "language", onclick: () => change({ lang: 1 - view.lang }) }, word("language")),
      el("button", { id: "theme", onclick: () => change({ theme: isDark() ? "light" : "dark" }) }, word("theme")),
      el("button", { id: "csv", onclick: () => save("csv", toCsv(), "text/csv") }, "CSV"),
      el("button", { id: "json", onclick: () => save("json", JSON.stringify(toObjects()), "application/json") }, "JSON"),
      el("button", { id: "print", onclick: () => print() }, word("print")));
    parts.top.replaceChildren(title, tools);
  };
  const isDark = () => view.theme ? view.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  const drawChips = () => {
    const number = counts(rows);
    const chip = (state, tone, text, meaning, count) => el("li", {}, el("button", {
      "aria-pressed": view.state === state ? "true" : "false", title: meaning, "data-state": state,
      onclick: () => change({ state: view.state === state ? "" : state }),
    }, tone && sign(tone), text + " ", el("strong", {}, String(count))));
    parts.chips.setAttribute("aria-label", word("states"));
    parts.chips.replaceChildren(chip("", "", word("all"), "", rows.length),
      ...data.states.map((s, i) => chip(s.word, s.tone, say(s.label), say(s.meaning), number[i])));
  };

  const drawBars = () => {
    const groups = data.bars.map(([title, column]) => {
      const by = new Map();
      for (const row of rows) {
        const name = row.cells[column] || "\u2013";
        if (!by.has(name)) by.set(name, []);
        by.get(name).push(row);
      }
      const sorted = [...by].sort((a, b) => b[1].length - a[1].length);
      const group = el("section", {}, el("h3", {}, say(title)));
      for (const [name, list] of sorted.slice(0, 12)) {
        const number = counts(list);
        const track = el("span", { class: "track", "aria-hidden": "true" });
        const spoken = [];
        data.states.forEach((s, i) => {
          if (!number[i]) return;
          const part = el("i", { class: s.tone });
          part.style.width = (100 * number[i] / list.length) + "%";
          track.append(part);
          spoken.push(say(s.label) + " " + number[i]);
        });
        group.append(el("button", {
          class: "bar", "data-bar": name, title: name + ": " + spoken.join(", "), "aria-label": name + ": " + spoken.join(", "),
          onclick: () => change({ q: view.q === name ? "" : name === "\u2013" ? "" : name }),
        }, el("span", { class: "name" }, name), track, el("span", { class: "count" }, String(list.length))));
      }
      if (sorted.length > 12) group.append(el("p", { class: "soft" }, "+ " + (sorted.length - 12) + " " + word("others")));
      return group;
    });
    parts.bars.replaceChildren(...groups);
  };

  const drawFilter = () => {
    const input = parts.input;
    input.setAttribute("placeholder", word("search"));
    input.setAttribute("aria-label", word("search"));
    if (input.value !== view.q) input.value = view.q;
    parts.count.textContent = found.length + " " + word("of") + " " + rows.length + (view.via ? " \u2192 " + labelOf(view.via) : "");
    parts.clear.textContent = word("clear");
    parts.clear.hidden = !(view.q || view.state || view.via);
    parts.keys.textContent = word("keys");
  };
  const labelOf = (id) => {
    for (const row of rows) for (const way of row.ways) for (const stop of stopsOf(way)) if (stop.id === id) return stop.label;
    return id;
  };

  // The table shows the lines that can be seen; the rest is height.
  const LINE = 36;
  let whole = false;
  const drawTable = () => {
    const head = el("tr", {}, ...data.columns.map((name, at) => el("th", {
      scope: "col", "aria-sort": view.sort === at ? (view.down ? "descending" : "ascending") : "none",
    }, el("button", { "data-sort": at, title: word("sort") + " " + say(name), onclick: () => change({ sort: at, down: view.sort === at && !view.down }) },
      say(name) + (view.sort === at ? (view.down ? " \u25BC" : " \u25B2") : "")))));
    parts.head.replaceChildren(head);
    parts.table.setAttribute("aria-rowcount", String(found.length + 1));
    drawLines();
  };
  const drawLines = () => {
    const first = whole ? 0 : Math.max(0, Math.floor(parts.list.scrollTop / LINE) - 8);
    const most = whole ? found.length : Math.ceil((parts.list.clientHeight || 600) / LINE) + 16;
    const last = Math.min(found.length, first + most);
    const space = (lines) => {
      const cell = el("td", { colspan: data.columns.length });
      cell.style.height = lines * LINE + "px";
      return el("tr", { class: "space", "aria-hidden": "true" }, cell);
    };
    const made = [];
    if (first > 0) made.push(space(first));
    for (let i = first; i < last; ++i) made.push(lineOf(found[i], i));
    if (last < found.length) made.push(space(found.length - last));
    if (!found.length) made.push(el("tr", {}, el("td", { colspan: data.columns.length }, word("none"))));
    parts.body.replaceChildren(...made);
  };
  // Names stay as they are; words of ours are in the language that is shown.
  const shown = (row, i) => data.words.includes(i) ? tell(row.numbers[i]) : row.cells[i];
  const lineOf = (row, at) => {
    const state = data.states[row.state];
    const key = row.cells[data.key];
    return el("tr", {
      "data-key": key, "aria-rowindex": at + 2, "aria-selected": view.host === key ? "true" : "false",
      onclick: () => change({ host: view.host === key ? "" : key }),
    }, ...row.cells.map((cell, i) => i === 0 ? el("td", { title: say(state.meaning) }, sign(state.tone), say(state.label))
      : el("td", { title: cell }, shown(row, i))));
  };

  const drawPanel = () => {
    const row = view.host && rows.find((one) => one.cells[data.key] === view.host);
    parts.panel.hidden = !row;
    if (!row) return parts.panel.replaceChildren();
    const state = data.states[row.state];
    const facts = el("dl", {});
    facts.append(el("dt", {}, say(data.columns[0])), el("dd", { class: state.tone }, sign(state.tone), say(state.label) + ": " + say(state.meaning)));
    row.cells.forEach((cell, i) => {
      if (i > 0 && cell) facts.append(el("dt", {}, say(data.columns[i])), el("dd", {}, shown(row, i)));
    });
    for (const [en, zh, lines] of row.facts) {
      facts.append(el("dt", {}, T[view.lang ? zh : en]), el("dd", {}, ...lines.map((n) => el("div", {}, tell(n)))));
    }
    const ways = row.ways.map((way) => {
      const kind = data.wayStates[way[0]];
      const chain = el("ol", { class: "chain" }, ...stopsOf(way).map((stop) => el("li", {}, el("span", {
        class: "stop " + (stop.id ? stop.tone : "gap"),
      }, el("small", {}, say(data.stops[stop.column])), stop.id ? stop.label : word("gap")))));
      return el("div", { class: "way" }, el("p", {}, sign(kind.tone), el("strong", { class: kind.tone }, say(kind.label)), " ",
        el("span", { class: "soft" }, tell(way[1]))), chain);
    });
    parts.panel.replaceChildren(
      el("header", {}, el("h2", { id: "panel-title", tabindex: "-1" }, row.cells[data.key] + " " + (row.cells[data.key + 1] || "")),
        el("button", { class: "close", onclick: () => change({ host: "" }) }, word("close"))),
      facts);
    if (data.stops.length) parts.panel.append(el("h3", {}, word("ways")), ...(ways.length ? ways : [el("p", {}, word("noway"))]));
  };

  // --- the picture: what the hosts shown are reached through, from left to right
  const MOST_NODES = 16;
  const drawPicture = () => {
    parts.pictureTitle.hidden = parts.pictureBox.hidden = !data.stops.length;
    if (!data.stops.length) return;
    const list = view.host ? rows.filter((row) => row.cells[data.key] === view.host) : found;
    const columns = data.stops.map(() => new Map());
    const trails = [];
    for (const row of list) for (const way of row.ways) {
      const trail = stopsOf(way).map((stop) => ({ ...stop, key: stop.id || "gap" }));
      for (const stop of trail) {
        const known = columns[stop.column].get(stop.key);
        if (known) ++known.count;
        else columns[stop.column].set(stop.key, { ...stop, count: 1 });
      }
      trails.push({ trail, tone: data.wayStates[way[0]].tone });
    }
    const shown = columns.map((nodes) => {
      const all = [...nodes.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
      if (all.length <= MOST_NODES) return all;
      const kept = all.slice(0, MOST_NODES - 1);
      const gap = all.find((node) => !node.id);
      if (gap && !kept.includes(gap)) kept[kept.length - 1] = gap;
      const rest = all.filter((node) => !kept.includes(node));
      kept.push({ key: "others", id: "others", label: rest.length + " " + word("others"), count: rest.reduce((n, one) => n + one.count, 0), tone: "quiet" });
      return kept;
    });
    const WIDE = 1240, TOP = 26, STEP = 44, BOX = 30;
    const wide = WIDE / data.stops.length;
    const high = TOP + STEP * Math.max(1, ...shown.map((nodes) => nodes.length)) + 6;
    const svg = (name, attributes, ...children) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.append(...children);
      return made;
    };
    const place = shown.map((nodes) => new Map(nodes.map((node, i) => [node.key, i])));
    const at = (stop) => {
      const known = place[stop.column].get(stop.key);
      return { x: stop.column * wide, y: TOP + STEP * (known === undefined ? place[stop.column].get("others") : known) + BOX / 2 };
    };
    const links = new Map();
    for (const { trail, tone } of trails) for (let i = 1; i < trail.length; ++i) {
      const from = at(trail[i - 1]), to = at(trail[i]);
      const bad = !trail[i].id || !trail[i - 1].id ? "bad" : tone;
      const key = [from.x, from.y, to.x, to.y, bad].join();
      const known = links.get(key);
      if (known) ++known.count;
      else links.set(key, { from, to, tone: bad, count: 1 });
    }
    const most = Math.max(1, ...[...links.values()].map((link) => link.count));
    const picture = svg("svg", { class: "picture", viewBox: `0 0 ${WIDE} ${high}`, role: "img", "aria-label": word("picture") });
    data.stops.forEach((name, i) => picture.append(svg("text", { class: "head", x: i * wide + 4, y: 16 }, say(name))));
    for (const link of links.values()) {
      const x1 = link.from.x + wide * 0.8, x2 = link.to.x, middle = (x1 + x2) / 2;
      picture.append(svg("path", { class: "link " + link.tone, "stroke-width": 1.5 + 8 * Math.sqrt(link.count / most),
        d: `M${x1},${link.from.y} C${middle},${link.from.y} ${middle},${link.to.y} ${x2},${link.to.y}` }));
    }
    shown.forEach((nodes, column) => nodes.forEach((node, i) => {
      const label = node.id ? node.label : word("gap");
      const room = Math.floor(wide * 0.8 / 6.6) - 4;
      const text = label.length > room ? label.slice(0, Math.max(3, room - 1)) + "\u2026" : label;
      const group = svg("g", { class: "node" + (node.id ? "" : " gap"), "data-node": node.id || "gap" },
        svg("title", {}, label + ": " + node.count),
        svg("rect", { x: column * wide, y: TOP + STEP * i, width: wide * 0.8, height: BOX, rx: 5 }),
        svg("text", { x: column * wide + 6, y: TOP + STEP * i + 13 }, text),
        svg("text", { x: column * wide + 6, y: TOP + STEP * i + 26 }, String(node.count)));
      if (node.id && node.id !== "others") group.addEventListener("click", () => change({ via: view.via === node.id ? "" : node.id }));
      picture.append(group);
    }));
    parts.picture.replaceChildren(trails.length ? picture : el("p", { class: "soft" }, word("noway")));
  };

  const MOST_ITEMS = 25;
  const opened = new Set();
  const drawSections = () => {
    parts.sections.replaceChildren(...data.sections.map((section, at) => {
      if (!section.items.length) return "";
      const items = opened.has(at) || whole ? section.items : section.items.slice(0, MOST_ITEMS);
      const made = el("section", {}, el("h2", {}, say(section.title) + " (" + section.items.length + ")"),
        el("ul", { class: "items" }, ...items.map((item) => el("li", {}, tell(item[0]),
          item.length > 1 ? el("ul", {}, ...item.slice(1).map((n) => el("li", { class: "soft" }, tell(n)))) : undefined))));
      if (items.length < section.items.length) {
        made.append(el("button", { class: "more", onclick: () => { opened.add(at); drawSections(); } },
          word("all") + " " + section.items.length));
      }
      return made;
    }));
  };

  // --- to take away
  const toObjects = () => found.map((row) => {
    const made = { state: data.states[row.state].word };
    data.columns.forEach((name, i) => { if (i > 0) made[name[0]] = row.cells[i]; });
    if (data.stops.length) made.ways = row.ways.map((way) => ({ state: data.wayStates[way[0]].word, note: T[way[1]], stops: stopsOf(way).map((s) => s.id ? s.label : "") }));
    return made;
  });
  const toCsv = () => {
    const cell = (text) => '"' + (/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replace(/"/g, '""').replace(/[\r\n]/g, " ") + '"';
    const lines = [data.columns.map((name) => cell(name[0])).join(",")];
    for (const row of found) lines.push(row.cells.map((text, i) => cell(i === 0 ? data.states[row.state].word : text)).join(","));
    return lines.join("\r\n") + "\r\n";
  };
  const save = (kind, text, type) => {
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: data.file + "." + kind });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const draw = () => {
    document.documentElement.lang = view.lang ? "zh-TW" : "en";
    document.title = say(data.title);
    if (view.theme) document.documentElement.dataset.theme = view.theme;
    else delete document.documentElement.dataset.theme;
    parts.listTitle.textContent = word("hosts");
    parts.pictureTitle.textContent = word("picture");
    parts.list.setAttribute("aria-label", word("hosts"));
    parts.pictureBox.setAttribute("aria-label", word("picture"));
    drawTop(); drawChips(); drawBars(); drawFilter(); drawTable(); drawPanel(); drawPicture(); drawSections();
  };

  // --- keys
  const move = (by) => {
    if (!found.length) return;
    const now = found.findIndex((row) => row.cells[data.key] === view.host);
    const next = Math.min(found.length - 1, Math.max(0, now < 0 ? 0 : now + by));
    const top = next * LINE;
    if (top < parts.list.scrollTop) parts.list.scrollTop = top;
    if (top + 3 * LINE > parts.list.scrollTop + parts.list.clientHeight) parts.list.scrollTop = top + 3 * LINE - parts.list.clientHeight;
    change({ host: found[next].cells[data.key] });
  };
  const onKey = (event) => {
    const typing = event.target === parts.input;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !typing) { event.preventDefault(); parts.input.focus(); }
    else if (event.key === "Escape") { if (typing) parts.list.focus(); else change({ host: "" }); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (typing || event.target === parts.list)) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === parts.list && view.host) {
      const title = document.getElementById("panel-title");
      if (title) title.focus();
    }
  };

  const begin = () => {
    parts.top = el("header", { class: "top" });
    parts.chips = el("ul", { class: "chips" });
    parts.bars = el("div", { class: "bars" });
    parts.input = el("input", { type: "search", id: "filter" });
    let wait = 0;
    parts.input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => change({ q: parts.input.value }), 120); });
    parts.clear = el("button", { id: "clear", onclick: () => change({ q: "", state: "", via: "" }) });
    parts.count = el("span", { role: "status", id: "count" });
    parts.keys = el("span", { class: "soft" });
    parts.head = el("thead", {});
    parts.body = el("tbody", {});
    // As wide as most of what stands in them. What has one length throughout, like ids, is worthless when it is cut: the
    // other columns give way.
    const ruler = document.createElement("canvas").getContext("2d");
    ruler.font = "14px " + getComputedStyle(document.body).fontFamily;
    const wanted = data.columns.map((name, i) => {
      const texts = rows.map((row) => i === 0 ? say(data.states[row.state].label) : row.cells[i]).sort((a, b) => a.length - b.length);
      const most = texts[Math.floor(texts.length * 0.97)] || "";
      const stiff = i === 0 || (most.length > 0 && texts[Math.floor(texts.length * 0.03)].length === most.length);
      const wide = Math.max(1.1 * ruler.measureText(say(name)).width, ruler.measureText(most).width + (i === 0 ? 22 : 0)) + 20;
      return { stiff, wide: stiff ? wide : Math.min(wide, 190) };
    });
    const sum = (list) => list.reduce((all, one) => all + one.wide, 0);
    const soft = wanted.filter((one) => !one.stiff);
    const factor = soft.length ? Math.max(0.5, (LIST_WIDE - (sum(wanted) - sum(soft))) / sum(soft)) : 1;
    soft.forEach((one) => { one.wide *= factor; });
    const all = sum(wanted);
    const widths = el("colgroup", {}, ...wanted.map((one) => {
      const column = el("col", {});
      column.style.width = (100 * one.wide / all) + "%";
      return column;
    }));
    parts.table = el("table", { class: "hosts" }, widths, parts.head, parts.body);
    parts.list = el("div", { class: "scroll list", tabindex: "0", role: "region" }, parts.table);
    parts.list.addEventListener("scroll", () => requestAnimationFrame(drawLines), { passive: true });
    parts.panel = el("section", { class: "panel", id: "panel", "aria-live": "polite" });
    parts.listTitle = el("h2", {});
    parts.pictureTitle = el("h2", {});
    parts.picture = el("div", {});
    parts.pictureBox = el("div", { class: "scroll", tabindex: "0", role: "region" }, parts.picture);
    parts.sections = el("div", {});
    document.getElementById("app").replaceChildren(parts.top, parts.chips, parts.bars, parts.pictureTitle, parts.pictureBox,
      parts.listTitle, el("div", { class: "filter" }, parts.input, parts.clear, parts.count, parts.keys), parts.list, parts.panel, parts.sections);
    addEventListener("hashchange", () => { readLink(); select(); draw(); });
    addEventListener("keydown", onKey);
    addEventListener("beforeprint", () => { whole = true; drawLines(); drawSections(); });
    addEventListener("afterprint", () => { whole = false; drawLines(); drawSections(); });
    readLink();
    select();
    draw();
  };
  begin();
})();

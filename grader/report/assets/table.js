"use strict";
/* The table of the class: sorts, searches, and turns its pages. What it shows stands in the address, so it can be shared.
   It makes text only, never markup, so a name stays a name. */
(() => {
  const AT_ONCE = 100;
  const table = document.querySelector("table.class");
  const [form, search, show, found, paper, turning, shown, before, after] =
    ["controls", "search", "show", "found", "paper", "turning", "shown", "before", "after"].map((id) => document.getElementById(id));
  if (!table || !form || typeof CLASS === "undefined") return;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const count = (number, one) => `${number.toLocaleString("en")} ${number === 1 ? one : one + "s"}`;

  const learners = CLASS.learners.map(([name, page, total, cells, seen, called = "", place], at) => ({
    name, page, total, called,
    rank: place ?? at, // where ids stand for people, by what they are called
    cells: cells ? cells.split(",") : [],
    seen: seen ? seen.split(",").map(Number) : [],
    found: plain(`${name} ${called}`),
  }));

  /* ---------- what may be picked: a name for the address, a text, and whom it is true of */

  const some = (test) => (learner) => learner.cells.some(test);
  const picks = new Map([["", { said: "all learners", holds: () => true }]]);
  const offer = (into, name, said, holds) => {
    const number = learners.filter(holds).length;
    if (!number) return;
    picks.set(name, { said, holds });
    into.append(new Option(`${said} (${number.toLocaleString("en")})`, name));
  };
  offer(show, "late", "late", some((cell) => cell[0] !== cell[0].toLowerCase()));
  offer(show, "error", "not marked", some((cell) => /^e/i.test(cell)));
  offer(show, "not-yet", "not yet full marks", (learner) => !learner.cells.every((cell) => /^f/i.test(cell)));
  offer(show, "full", "full marks in everything", (learner) => learner.cells.every((cell) => /^f/i.test(cell)));
  offer(show, "nothing", "handed in nothing", (learner) => learner.cells.every((cell) => cell === "m"));
  offer(show, "by-hand", "a score set by hand", some((cell) => cell.endsWith("*")));
  offer(show, "waiting", "not graded yet", some((cell) => cell === "w"));
  if (CLASS.misconceptions.length) {
    const group = document.createElement("optgroup");
    group.label = "Misconceptions";
    CLASS.misconceptions
      .map((name, at) => [name, at])
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .forEach(([name, at]) => offer(group, name, name, (learner) => learner.seen.includes(at)));
    show.append(group);
  }

  /* ---------- what is shown, and its address */

  const columns = ["name", "total", ...CLASS.exercises];
  const state = {};
  const read = () => {
    const said = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    const page = Number.parseInt(said.get("page"), 10);
    Object.assign(state, {
      search: said.get("search") ?? "",
      show: picks.has(said.get("show")) ? said.get("show") : "",
      sort: columns.includes(said.get("sort")) ? said.get("sort") : "name",
      down: said.get("order") === "down",
      page: page > 0 ? page : 1,
    });
    search.value = state.search;
    show.value = state.show;
  };
  const write = () => {
    const said = new URLSearchParams();
    if (state.search) said.set("search", state.search);
    if (state.show) said.set("show", state.show);
    if (state.sort !== "name") said.set("sort", state.sort);
    if (state.down) said.set("order", "down");
    if (state.page > 1) said.set("page", state.page);
    history.replaceState(null, "", said.size ? `#${said}` : location.pathname + location.search);
  };

  const points = (cell) => (/\d/.test(cell) ? Number.parseFloat(cell.slice(1)) : null);
  const value = (learner, sort) => {
    if (sort === "name") return learner.rank;
    return sort === "total" ? learner.total : points(learner.cells[CLASS.exercises.indexOf(sort)]);
  };
  const compare = (one, other) => {
    const [left, right] = [value(one, state.sort), value(other, state.sort)];
    if (left === right) return one.rank - other.rank;
    if (left === null || right === null) return left === null ? 1 : -1; // what has no points is last both ways
    return state.down ? right - left : left - right;
  };
  const chosen = () => {
    const words = plain(state.search).split(/\s+/).filter(Boolean);
    const { holds } = picks.get(state.show);
    return learners
      .filter((learner) => words.every((word) => learner.found.includes(word)) && holds(learner))
      .sort(compare);
  };

  /* ---------- drawing */

  const make = (name, properties, ...content) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...content);
    return element;
  };
  const cellOf = (packed) => {
    const [shade, sign, said] = CLASS.shades[packed[0].toLowerCase()];
    const late = packed[0] !== packed[0].toLowerCase();
    const content = sign
      ? [make("span", { ariaHidden: "true" }, sign), make("span", { className: "hidden" }, said)]
      : [packed.slice(1).replace("*", "")];
    if (packed.endsWith("*")) content.push(make("abbr", { title: "set by hand" }, "*"));
    if (late) content.push(make("small", {}, "late"));
    return make("td", { className: shade }, ...content);
  };
  const rowOf = (learner) => {
    const link = make("a", { href: `learners/${learner.page}.html` }, make("bdi", {}, learner.name));
    return make(
      "tr", {},
      make("th", { scope: "row" }, link, ...(learner.called ? [" ", make("small", {}, make("bdi", {}, learner.called))] : [])),
      make("td", { className: "total" }, String(learner.total)),
      ...learner.cells.map(cellOf),
    );
  };

  const draw = () => {
    const all = chosen();
    const last = Math.max(1, Math.ceil(all.length / AT_ONCE));
    state.page = Math.min(state.page, last);
    const first = (state.page - 1) * AT_ONCE;
    const rows = all.slice(first, first + AT_ONCE);
    table.tBodies[0].replaceChildren(...rows.map(rowOf));
    heads.forEach((head, at) => {
      if (columns[at] === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const whole = count(learners.length, "learner");
    found.textContent =
      all.length === learners.length ? whole : all.length ? `${all.length.toLocaleString("en")} of ${whole}` : `none of ${whole}`;
    turning.hidden = last === 1;
    shown.textContent = `${(first + 1).toLocaleString("en")} to ${(first + rows.length).toLocaleString("en")} of ${all.length.toLocaleString("en")}`;
    /* printed: what is not there, and which of them these are */
    const which = all.length ? `Learners ${shown.textContent}` : "No learner";
    const more = all.length < learners.length ? [`of ${whole} in all`, state.show && picks.get(state.show).said, state.search && `search: ${state.search}`] : [];
    paper.textContent = rows.length === learners.length ? "" : [which, ...more].filter(Boolean).join("; ");
    before.disabled = state.page === 1;
    after.disabled = state.page === last;
  };
  const change = (changes) => {
    Object.assign(state, { page: 1 }, changes);
    draw();
    write();
  };

  /* ---------- the page made alive */

  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const button = make("button", { type: "button" }, ...(head.querySelector("a") ?? head).childNodes);
    const small = head.querySelector("small");
    if (small) button.append(small);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const sort = columns[at];
      // names from A, points from the highest; once more, the other way round
      change(sort === state.sort ? { down: !state.down } : { sort, down: sort !== "name" });
    });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", () => change({ search: search.value.trim() }));
  show.addEventListener("change", () => change({ show: show.value }));
  const turn = (by, other) => {
    change({ page: state.page + by });
    const button = by < 0 ? before : after;
    if (button.disabled) other.focus();
    document.getElementById("learners").scrollIntoView();
  };
  before.addEventListener("click", () => turn(-1, after));
  after.addEventListener("click", () => turn(1, before));
  addEventListener("hashchange", () => { read(); draw(); });

  document.querySelector(".by-name")?.remove();
  form.hidden = false;
  read();
  draw();
})();

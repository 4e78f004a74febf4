// The work place, behind script.js in one file: the list, the customer, and every key of a decision.

function review() {
  const list = $("#list");
  const panel = $("#panel");
  const dialog = $("#dialog");
  const filter = $("#filter");
  const panels = new Map();
  let current = null;
  let account = 0;
  let stopped = false;
  let ended = false;
  let loading = null;
  let work = Promise.resolve();
  let prefix = "";
  const begun = Date.now();
  let decided = 0;

  const rows = () => [...list.children];
  const query = () => new URLSearchParams(location.search);

  // --- what is shown

  function load(at, of) {
    const key = `${at}/${of}`;
    if (!panels.has(key)) {
      if (panels.size > 200) panels.clear();
      const got = ask(`/review/case?at=${at}&account=${of}`);
      got.catch(() => panels.delete(key));
      panels.set(key, got);
    }
    return panels.get(key);
  }

  async function show(row, of = 0) {
    if (!row) return;
    current?.setAttribute("aria-selected", "false");
    current = row;
    account = of;
    row.setAttribute("aria-selected", "true");
    list.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
    const text = await load(row.dataset.at, of).catch((error) => {
      panel.replaceChildren(); // never the customer before, beside another line of the list
      throw error;
    });
    if (current !== row || account !== of) return;
    panel.innerHTML = text;
    let next = row;
    for (let more = 0; more < 5 && next; more += 1) {
      next = next.nextElementSibling;
      if (next) load(next.dataset.at, 0).catch(() => {}); // said when it is to be shown
    }
    if (!next) tried(more);
  }

  /** Loads the next rows of the list. */
  function more() {
    if (ended || loading) return loading;
    const last = list.lastElementChild;
    const from = query();
    if (last) from.set("after", last.dataset.position);
    loading = ask(`/review/rows?${from}`)
      .then((text) => {
        const part = document.createElement("template");
        part.innerHTML = text;
        ended = part.content.children.length === 0;
        for (const row of [...part.content.children]) {
          // what was passed over comes again: once in the list, at its end
          const there = document.getElementById(row.id);
          if (there && there === current) row.remove();
          else there?.remove();
        }
        list.append(part.content);
      })
      .finally(() => { loading = null; });
    return loading;
  }

  list.addEventListener("scroll", () => {
    if (list.scrollTop + list.clientHeight * 2 > list.scrollHeight) tried(more);
  });

  const isOpen = (row) => !row.classList.contains("accepted") && !row.classList.contains("refused")
    && !row.classList.contains("unsure") && !row.classList.contains("skipped");

  /** The next customer that is still open, below this one. */
  async function onward() {
    const all = /queue=(all|decided|linked|excluded|unsure)/.test(location.search);
    let row = current?.nextElementSibling;
    while (row && !all && !isOpen(row)) row = row.nextElementSibling;
    if (!row && !ended) {
      await more();
      return onwardOnce(all);
    }
    if (row) await show(row);
    else {
      const open = rows().find((other) => isOpen(other));
      if (open) await show(open);
      else await again();
    }
  }

  async function onwardOnce(all) {
    let row = current?.nextElementSibling;
    while (row && !all && !isOpen(row)) row = row.nextElementSibling;
    if (row) await show(row);
    else await again();
  }

  /** Nothing is open in the list: it says why, or shows what was passed over. */
  async function again() {
    const page = new DOMParser().parseFromString(await ask(`/review?${query()}`), "text/html");
    list.replaceChildren(...$("#list", page).children);
    $(".list .empty")?.remove();
    const empty = $(".empty", page);
    if (empty) list.after(empty);
    panels.clear();
    ended = false;
    current = null;
    if (list.firstElementChild) await show(list.firstElementChild);
    else panel.replaceChildren();
  }

  // --- what is done

  /** Acts go one after the other, however fast the keys are pressed. */
  function soon(what) {
    work = work.then(() => (stopped ? null : what())).catch((error) => {
      stopped = error.status !== 409;
      say(error.status ? error.message : $("#lost-text").textContent, "wrong");
    });
    return work;
  }

  /** What others have settled is gone from the list of what is open. */
  function settled({ settled: customers = [] }) {
    if (/queue=(all|decided|linked|excluded)/.test(location.search)) return;
    for (const at of customers) {
      const row = document.getElementById(`row-${at}`);
      if (row !== current) row?.remove();
    }
  }

  async function act(name, more = {}) {
    const shown = panel.firstElementChild;
    if (!shown && !["undo", "redo", "revert"].includes(name)) return;
    const { at = 0, lines = "" } = shown?.dataset ?? {};
    const of = more.account ?? shown?.dataset.account ?? "";
    const seen = lines ? { known: lines } : {};
    const acts = $(".sum").dataset.acts;
    const answer = await post("/review/act", { at, act: name, account: of, acts, ...seen, ...more });
    settled(answer);
    if (answer.objection) {
      question("objection", { name, more: { ...more, account: of } }, answer.objection);
      return;
    }
    say(answer.done);
    for (const part of [answer.more, answer.elsewhere]) {
      if (part) $("#said").insertAdjacentHTML("beforeend", part);
    }
    if (answer.counts) $("#counts").innerHTML = answer.counts;
    mark();
    if (answer.again) await again();
    if (answer.at === undefined) return;
    panels.clear(); // what was decided here may be said of others too: who holds an account
    const row = document.getElementById(`row-${answer.at}`);
    let fresh = row;
    if (row) {
      const position = row.dataset.position;
      row.insertAdjacentHTML("afterend", answer.row);
      fresh = row.nextElementSibling;
      fresh.dataset.position = position;
      row.remove();
      if (current === row) current = fresh;
      fresh.classList.toggle("skipped", name === "skip");
    } else if (name === "undo" || name === "redo" || name === "revert") {
      list.insertAdjacentHTML("afterbegin", answer.row);
      fresh = list.firstElementChild;
      fresh.dataset.position = -1;
    }
    if (answer.on) {
      decided += 1;
      await onward();
    } else {
      await show(fresh ?? current, fresh === current || fresh === row ? account : 0);
    }
    rate();
  }

  function rate() {
    const minutes = (Date.now() - begun) / 60000;
    const open = Number($(".sum")?.dataset.open ?? 0);
    if (decided < 3) return;
    const each = decided / minutes;
    const text = $("#rate-text").textContent;
    $("#rate").textContent = text.replace("{rate}", each.toFixed(0)).replace("{left}", Math.ceil(open / each));
  }

  function mark() {
    const queue = query().get("queue") || "open";
    for (const link of document.querySelectorAll("[data-queue]")) {
      if (link.dataset.queue === queue) link.setAttribute("aria-current", "true");
    }
  }

  // --- dialogs

  let asked = null;

  function question(what, about, text) {
    asked = about;
    dialog.replaceChildren($(`#ask-${what}, #${what}`).content.cloneNode(true));
    if (text) $("[data-text]", dialog).textContent = text;
    dialog.showModal();
    $("textarea, input, button", dialog)?.focus();
  }

  function open(markup) {
    dialog.innerHTML = markup;
    if (!dialog.open) dialog.showModal();
    dialog.tabIndex = -1;
    ($("input", dialog) ?? dialog).focus();
    dialog.scrollTop = 0;
  }

  async function fetchInto(url) {
    say("\u2026");
    const text = await ask(url);
    say("");
    return open(text);
  }

  function explain(account) {
    const of = encodeURIComponent(account);
    return soon(() => fetchInto(`/review/why?at=${current?.dataset.at ?? 0}&account=${of}`));
  }

  dialog.addEventListener("close", () => list.focus());
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { reason, revert, accept, why } = button.dataset;
    if ("close" in button.dataset) dialog.close();
    else if ("confirm" in button.dataset) confirmed();
    else if (reason) {
      dialog.close();
      soon(() => act("unsure", { reason }));
    } else if (accept) {
      dialog.close();
      soon(() => act("accept", { account: accept }));
    } else if (why) {
      explain(why);
    } else if (revert) {
      dialog.close();
      soon(() => act("revert", { at: revert }));
    }
  });
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    if ("find" in form.dataset) {
      soon(() => fetchInto(`/review/find?${new URLSearchParams(new FormData(form))}`));
      return;
    }
    if ("bulk" in form.dataset) {
      soon(async () => {
        dialog.close();
        const answer = await post(`/review/bulk?${query()}`, new FormData(form));
        say(answer.said);
        await again();
        $("#counts").innerHTML = await ask("/review/counts");
        mark();
      });
      return;
    }
    if ("promote" in form.dataset) {
      soon(async () => {
        dialog.close();
        say((await post(`/review/rule?${query()}`, new FormData(form))).said);
      });
      return;
    }
    if (!("note" in form.dataset)) return;
    const note = new FormData(form).get("note");
    dialog.close();
    soon(() => act("note", { note }));
  });

  function confirmed() {
    const { name, more } = asked;
    dialog.close();
    soon(() => act(name, { ...more, confirmed: true }));
  }

  function dialogKey(event) {
    const digit = Number(event.key);
    if (event.key === "Escape") dialog.close();
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "y" && $("[data-confirm]", dialog)) confirmed();
    else if (digit) $(`[data-reason]:nth-of-type(1)`, dialog) && [...dialog.querySelectorAll("[data-reason]")][digit - 1]?.click();
    else return;
    event.preventDefault();
  }

  // --- keys and buttons

  const acts = {
    accept: () => soon(() => act("accept")),
    reject: () => soon(() => act("reject")),
    none: () => soon(() => act("none", { account: "" })),
    skip: () => soon(() => act("skip")),
    family: () => soon(() => act("family")),
    also: () => soon(() => act("also")),
    undo: () => soon(() => act("undo")),
    redo: () => soon(() => act("redo")),
    unsure: () => soon(() => question("unsure", null)),
    note: () => soon(() => question("note", null)),
    help: () => soon(() => question("help", null)),
    history: () => soon(() => fetchInto(`/review/history?at=${current?.dataset.at ?? 0}`)),
    find: () => soon(() => fetchInto("/review/find")),
    filter: () => $("input[name=q]", filter).focus(),
    why: () => explain(panel.firstElementChild?.dataset.account ?? ""),
    why_not: () => soon(() => fetchInto("/review/find")),
    read: () => panel.classList.toggle("show-read"),
    latin: () => panel.classList.toggle("show-latin"),
    record: () => {
      const account = panel.firstElementChild?.dataset.account;
      return account && soon(() => fetchInto(`/review/record?${new URLSearchParams({ account })}`));
    },
    bulk: () => soon(() => fetchInto(`/review/bulk?${query()}`)),
  };
  const keys = {
    y: "accept", Enter: "accept", n: "reject", 0: "none", s: "skip", f: "family", m: "also",
    z: "undo", Z: "redo", u: "unsure", e: "note", "?": "help", h: "history", "/": "find", w: "why",
    x: "why_not", b: "bulk", q: "filter", r: "read", l: "latin", v: "record",
  };
  const queues = { c: "conflict", t: "tie", d: "doubtful", u: "unmatched", a: "open", f: "family" };

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (dialog.open) return dialogKey(event);
    const inText = event.target.matches?.("input, textarea, select");
    if (inText) {
      if (event.key === "Escape") list.focus();
      return;
    }
    const isButton = event.target.matches?.("button, a, summary");
    if (isButton && (event.key === "Enter" || event.key === " ")) return;
    if (prefix === "g") {
      prefix = "";
      if (queues[event.key]) go(`/review?queue=${queues[event.key]}`);
      return;
    }
    if (event.key === "g") prefix = "g";
    else if (event.key === "ArrowDown" || event.key === "j") soon(down);
    else if (event.key === "ArrowUp" || event.key === "k") soon(() => show(current?.previousElementSibling ?? current));
    else if (/^[1-9]$/.test(event.key)) soon(() => choose(Number(event.key) - 1));
    else if (acts[keys[event.key]]) acts[keys[event.key]]();
    else return;
    event.preventDefault();
  }

  async function down() {
    if (!current?.nextElementSibling) await more();
    await show(current?.nextElementSibling ?? current);
  }

  function choose(of) {
    const count = Number(panel.firstElementChild?.dataset.count ?? 0);
    return of < count ? show(current, of) : null;
  }

  document.addEventListener("keydown", key);
  $("#bulk")?.addEventListener("click", () => acts.bulk());
  $("#said").addEventListener("click", (event) => {
    const acts = event.target.closest("[data-revert]")?.dataset.revert.split(" ") ?? [];
    for (const at of acts) soon(() => act("revert", { at }));
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.choose) soon(() => choose(Number(button.dataset.choose)));
    else if (acts[button.dataset.act]) acts[button.dataset.act]();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) soon(() => show(row));
    list.focus();
  });
  filter.addEventListener("change", (event) => {
    if (event.target.matches("select")) filter.requestSubmit();
  });

  mark();
  list.focus();
  if (list.firstElementChild) soon(() => show(list.firstElementChild));
}

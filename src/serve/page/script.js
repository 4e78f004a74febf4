// The only script of the pages: sends what a person does, and shows what the server answers. Every
// text of the data reaches the page as text that the server has escaped.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const token = $("meta[name=token]").content;

/** What the server answers; an error with what it said, which is text and never markup. The run that
    this page shows is named: where another one is open by now, nothing is answered. */
async function ask(url, how = {}) {
  const run = $("meta[name=run]")?.content;
  const headers = { ...how.headers, ...(run && { "x-reconcile-run": run }) };
  const answer = await fetch(url, { ...how, headers });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(text), { status: answer.status });
  return text;
}

/** Sends a change; the answer as JSON. */
async function post(url, data) {
  const body = data instanceof FormData ? new URLSearchParams(data) : new URLSearchParams(data || {});
  const text = await ask(url, { method: "POST", headers: { "x-reconcile-token": token }, body });
  return text ? JSON.parse(text) : {};
}

/** Does something, and says why it failed. */
async function tried(what) {
  try {
    return await what();
  } catch (error) {
    return say(error.message, "wrong");
  }
}

/** Says something to the person, also to a screen reader. */
function say(text, kind) {
  const place = $("#said");
  place.textContent = text || "";
  place.className = kind || "";
}

function go(to) {
  if (to === "") location.reload();
  else if (to) location.href = to;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  tried(async () => {
    const answer = await post(form.dataset.post, new FormData(form, event.submitter));
    if (answer.said) say(answer.said);
    if (answer.text) {
      const place = $("#preview-place");
      const text = document.createElement("pre");
      text.textContent = answer.text;
      place.replaceChildren(text);
      place.hidden = false;
    }
    go(answer.go);
  });
});

document.addEventListener("click", (event) => {
  const to = event.target.closest("[data-go]");
  if (to) go(to.dataset.go);
});

$("#reviewer")?.addEventListener("change", (event) => {
  tried(() => post("/reviewer", { name: event.target.value }));
});
$("#language")?.addEventListener("change", (event) => {
  tried(async () => go((await post("/language", { language: event.target.value })).go));
});

// Each number of the results is a door to its records.
for (const number of document.querySelectorAll("data[data-of], data[data-sum]")) {
  if (number.value === "0") continue;
  const door = document.createElement("a");
  door.href = `/records/${number.dataset.of ?? number.dataset.sum}`;
  number.replaceWith(door);
  door.append(number);
}

document.addEventListener("change", (event) => {
  if ("submit" in event.target.dataset) event.target.form.requestSubmit();
});

if ($("#new")) newRun();
if ($("#lists")) lists();
if ($("#audit")) audit();
if ($("#limits")) limits();
if ($("#list")) review();
if ($("#run")) running();

/** A run that is started, watched and stopped. */
function running() {
  const [stop, bar, phase] = ["stop", "bar", "phase"].map((id) => $(`#run-${id}`));
  const starts = [...document.querySelectorAll("[data-start]")];
  const name = (of) => $(`[data-phase=${of}]`)?.textContent ?? "";

  async function watch() {
    const { phase: of, read, total, said } = JSON.parse(await ask("/run/state"));
    const active = ["looking", "reading", "writing"].includes(of);
    bar.hidden = !active;
    stop.hidden = !active || of === "writing";
    for (const start of starts) start.disabled = active;
    if (of === "none") return null;
    bar.max = total || 1;
    if (of === "reading") bar.value = read;
    else bar.removeAttribute("value");
    const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    phase.textContent = name(of) + (of === "reading" ? `: ${size(read)} / ${size(total)}` : "");
    if (said) say(said, "wrong");
    if (of === "done") return go("/results");
    if (active) setTimeout(() => tried(watch), 250);
    return null;
  }

  for (const start of starts) {
    start.addEventListener("click", () => tried(async () => {
      await post("/run/start", { what: start.dataset.start });
      await watch();
    }));
  }
  stop.addEventListener("click", () => tried(() => post("/run/stop")));
  tried(watch);
}

/** Files of a new run: dropped, chosen, or named by their path. */
function newRun() {
  const dialog = $("#dialog");

  function send(side, files) {
    return tried(async () => {
      for (const file of files) {
        say(file.name);
        const query = new URLSearchParams({ side, name: file.name });
        const headers = { "x-reconcile-token": token, "content-type": "application/octet-stream" };
        await ask(`/new/file?${query}`, { method: "POST", headers, body: file }).catch((error) => {
          throw new Error(`${file.name}: ${error.message}`);
        });
      }
      go("");
    });
  }

  /** The files of what was dropped, those of folders too. */
  async function dropped(entries) {
    const files = [];
    const walk = async (entry) => {
      if (entry.isFile) {
        files.push(await new Promise((done, failed) => entry.file(done, failed)));
      } else {
        const reader = entry.createReader();
        for (;;) {
          const some = await new Promise((done, failed) => reader.readEntries(done, failed));
          if (!some.length) break;
          for (const one of some) await walk(one);
        }
      }
    };
    for (const entry of entries) if (entry) await walk(entry);
    return files;
  }

  async function folder(side, path) {
    dialog.innerHTML = await ask(`/new/folder?${new URLSearchParams({ side, path })}`);
    if (!dialog.open) dialog.showModal();
  }

  for (const zone of document.querySelectorAll("[data-side]")) {
    const side = zone.dataset.side;
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("drop", async (event) => {
      event.preventDefault();
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
      tried(async () => send(side, await dropped(entries)));
    });
    $("input[type=file]", zone).addEventListener("change", (event) => send(side, event.target.files));
    $("[data-folder]", zone).addEventListener("click", () => tried(() => folder(side, "")));
  }
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { take, enter, side } = button.dataset;
    if ("close" in button.dataset) dialog.close();
    else if (enter) tried(() => folder(side, enter));
    else if (take) tried(async () => go((await post("/new/put", { side, path: take })).go));
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    tried(() => folder(event.target.dataset.goFolder, new FormData(event.target).get("path")));
  });
}

/** The preview of the campaigns that are ticked. */
function lists() {
  $("#preview").addEventListener("click", () => tried(async () => {
    const picked = new URLSearchParams(new FormData($("#lists")));
    picked.delete("target");
    const place = $("#preview-place");
    place.innerHTML = await ask(`/lists/preview?${picked}`);
    place.hidden = false;
  }));
}

/** What other limits would do, as they are moved. */
function limits() {
  const form = $("#limits");
  let asked = 0;
  form.addEventListener("input", (event) => tried(async () => {
    $("output", event.target.parentElement).textContent = Number(event.target.value).toFixed(2);
    const own = (asked += 1);
    const text = await ask(`/audit/limits?${new URLSearchParams(new FormData(form))}`);
    if (own === asked) $("#moved").innerHTML = text;
  }));
}

/** Keys of the audit. */
function audit() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) return;
    $(`#audit [data-key="${event.key}"]`)?.click();
  });
}

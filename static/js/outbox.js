// What a tablet at reception has entered and not yet sent: kept in its own database first, then sent once. Each thing goes under a
// token made here, so that sending it again after a lost answer changes nothing. `window.outbox` is what check_in.js works with.
(() => {
  "use strict";
  const { $, $$, toast } = window.ui;
  const strip = $("[data-outbox]");
  if (!strip || !window.indexedDB) return;
  const staff = strip.dataset.staff;
  const words = Object.fromEntries($$("[data-word]", strip).map((word) => [word.dataset.word, word.textContent.trim()]));
  const say = (name, values = {}) => (words[name] || name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const RETRY = 15000, SHEET_SECONDS = 25, PHOTO_SECONDS = 120;

  // --- The tablet's own database ------------------------------------------------------------------------------------------
  const opened = new Promise((done, failed) => {
    const asked = indexedDB.open("reception", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("sheets", { keyPath: "key" });
      asked.result.createObjectStore("photos", { keyPath: "token" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  async function ask(store, mode, run) {
    const db = await opened;
    return new Promise((done, failed) => {
      const work = db.transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : {});
      const request = run(work.objectStore(store));
      work.oncomplete = () => done(request.result);
      work.onabort = work.onerror = () => failed(work.error || request.error);
    });
  }
  const get = (store, key) => ask(store, "readonly", (rows) => rows.get(key));
  const all = (store) => ask(store, "readonly", (rows) => rows.getAll());
  const put = async (store, row) => { await ask(store, "readwrite", (rows) => rows.put(row)); changed(); };
  const drop = async (store, key) => { await ask(store, "readwrite", (rows) => rows.delete(key)); changed(); };
  const token = () => crypto.randomUUID?.() || "10000000-1000-4000-8000-100000000000".replace(/[018]/g,
    (c) => (Number(c) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(c) / 4)))).toString(16));

  // --- Sending ------------------------------------------------------------------------------------------------------------
  let reached = true;
  async function post(url, fields, seconds) {
    const body = new FormData();
    fields.forEach(([name, value, file]) => (file ? body.append(name, value, file) : body.append(name, value)));
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), seconds * 1000);
    try {
      // The secret of the moment: signing in again makes another one than the kept page has.
      const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || "";
      const answer = await fetch(url, { method: "POST", body, signal: stop.signal, headers: { "X-CSRFToken": csrf } });
      reached = true;
      if (answer.redirected || answer.status === 401) return { state: "signed_out" };
      if (answer.status === 403) return { state: "signed_out" };
      if (answer.status === 413) return { state: "invalid", text: say("too_large") };
      if (answer.status >= 500) return { state: "later" };
      if (answer.status === 404) return { state: "invalid", text: say("gone") };
      return await answer.json();
    } catch {
      reached = false;
      return { state: "later" };
    } finally {
      clearTimeout(timer);
    }
  }
  const lain = (since) => String(Math.max(0, Math.round((Date.now() - since) / 1000)));
  const mine = (rows) => rows.filter((row) => row.staff === staff);

  async function sendPhoto(photo) {
    const result = await post(photo.send, [["kind", photo.kind], ["token", photo.token], ["kept_seconds", photo.waited ? lain(photo.taken) : "0"],
      ["photos", photo.blob, photo.name]], PHOTO_SECONDS);
    if (result.state === "kept") { await drop("photos", photo.token); tell("photo-sent", { ...photo, blob: null, at: result.url }); }
    else if (result.state === "later" || result.state === "signed_out") { if (!photo.waited) await put("photos", { ...photo, waited: true }); }
    else { await put("photos", { ...photo, state: "refused", text: result.text }); tell("photo-refused", photo); }
    return result;
  }
  async function sendSheet(sheet) {
    const fields = Object.entries(sheet.values).flatMap(([name, values]) => values.map((value) => [name, value]));
    const result = await post(sheet.send, [...fields, ["version", sheet.version], ["token", sheet.token],
      ["kept_seconds", sheet.waited ? lain(sheet.written) : "0"]], SHEET_SECONDS);
    // Somebody may have gone on typing meanwhile: then what is kept is another sheet already, and stays.
    const now = await get("sheets", sheet.key);
    if (now?.token !== sheet.token) return result;
    if (result.state === "kept") { await drop("sheets", sheet.key); tell("sheet-sent", { ...sheet, url: result.url }); }
    else if (result.state === "later" || result.state === "signed_out") { if (!now.waited) await put("sheets", { ...now, waited: true }); }
    else { await put("sheets", { ...now, state: "refused", reason: result.state, text: result.text }); tell("sheet-refused", { key: sheet.key, ...result }); }
    return result;
  }
  const once = (run) => (navigator.locks ? navigator.locks.request("reception-outbox", run) : run());
  // One tab sends at a time. Pictures first, so that a sheet finds those its marks speak of.
  function send() {
    return once(async () => {
      const results = {};
      let signedOut = false;
      reached = true; // until the first that does not get through
      for (const photo of mine(await all("photos")).filter((row) => row.state === "queued")) {
        const { state } = await sendPhoto(photo);
        signedOut ||= state === "signed_out";
        if (state === "later" || signedOut) break;
      }
      for (const sheet of mine(await all("sheets")).filter((row) => row.state === "queued")) {
        if (signedOut || !reached) { results[sheet.key] = { state: signedOut ? "signed_out" : "later" }; if (!sheet.waited) await put("sheets", { ...sheet, waited: true }); continue; }
        results[sheet.key] = await sendSheet(sheet);
        signedOut ||= results[sheet.key].state === "signed_out";
      }
      strip.dataset.signedOut = signedOut ? "1" : "";
      await draw();
      return results;
    });
  }
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  // --- The strip that says what waits -------------------------------------------------------------------------------------
  let drawing = null;
  function changed() { drawing ||= setTimeout(() => { drawing = null; draw(); }, 50); tell("outbox-changed"); }
  // What nobody will send any more is thrown away by hand only, and on the second tap.
  function discard(button, rows) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!button.dataset.sure) { button.dataset.sure = "1"; button.textContent = say("discard_sure"); return; }
      for (const row of rows) await drop("values" in row ? "sheets" : "photos", "values" in row ? row.key : row.token);
    });
  }
  function line(row, text, tone, rows = [row]) {
    const item = $("[data-outbox-row]", strip).content.firstElementChild.cloneNode(true);
    $("[data-plate]", item).textContent = row.plate;
    $("[data-text]", item).textContent = text;
    $("[data-text]", item).className = tone || "muted";
    const link = $("a", item);
    if (row.page && row.page !== location.pathname) link.href = row.page; else link.remove();
    if (rows.some((one) => one.state !== "queued")) discard($("[data-discard]", item), rows.filter((one) => one.state !== "queued"));
    return item;
  }
  const clockTime = (at) => new Date(at).toTimeString().slice(0, 5);
  async function draw() {
    const sheets = await all("sheets"), photos = await all("photos");
    const rows = [];
    mine(sheets).forEach((sheet) => {
      const time = clockTime(sheet.written);
      if (sheet.state === "queued") rows.push(line(sheet, say("sheet_waits", { time })));
      else if (sheet.state === "refused") rows.push(line(sheet, `${say("sheet_refused", { time })} ${sheet.text || ""}`, "bad-text"));
      else if (sheet.page !== location.pathname) rows.push(line(sheet, say("sheet_draft", { time })));
    });
    const byVisit = new Map();
    mine(photos).forEach((photo) => byVisit.set(photo.page, [...(byVisit.get(photo.page) || []), photo]));
    byVisit.forEach((some) => {
      const refused = some.filter((one) => one.state === "refused").length;
      rows.push(line(some[0], refused ? say("photos_refused", { n: refused }) : say("photos_wait", { n: some.length }), refused ? "bad-text" : "", some));
    });
    const others = [...sheets, ...photos].filter((row) => row.staff !== staff).length;
    $("[data-outbox-list]", strip).replaceChildren(...rows);
    $("[data-outbox-others]", strip).textContent = others ? say("others", { n: others }) : "";
    $("[data-outbox-lost]", strip).hidden = reached;
    $("[data-outbox-login]", strip).hidden = !strip.dataset.signedOut;
    $("[data-outbox-send]", strip).hidden = !rows.length;
    strip.hidden = reached && !rows.length && !others;
    document.documentElement.classList.toggle("is-offline", !reached);
    strip.dataset.waiting = mine(sheets).filter((row) => row.state === "queued").length + mine(photos).filter((row) => row.state === "queued").length;
  }
  $("[data-outbox-send]", strip).addEventListener("click", send);
  addEventListener("online", send);
  addEventListener("offline", () => { reached = false; draw(); });
  setInterval(async () => { if (!document.hidden && (Number(strip.dataset.waiting) || !reached)) await probe(); }, RETRY);
  async function probe() {
    if (Number(strip.dataset.waiting)) return send();
    try { await fetch(strip.dataset.worker, { method: "HEAD", cache: "no-store" }); reached = true; } catch { reached = false; }
    return draw();
  }
  // What cannot wait on the tablet (a greeting, an arrival) is not thrown at a dead line: the page stays.
  document.addEventListener("submit", (event) => {
    if (reached && navigator.onLine !== false) return;
    if (event.target.id === "sheet-form" || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(say("needs_line"), "warning");
    setTimeout(() => { delete event.target.dataset.busy; });
  }, true);
  document.addEventListener("sheet-sent", ({ detail }) => { if (detail.page !== location.pathname) toast(say("sheet_sent", { plate: detail.plate }), "success"); });

  // --- Pages without a connection -----------------------------------------------------------------------------------------
  async function serve() {
    if (!navigator.serviceWorker) return; // plain HTTP: entries are kept all the same, pages are not
    await navigator.serviceWorker.register(strip.dataset.worker, { scope: strip.dataset.scope });
    const ready = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
    ready.active.postMessage({ staff, page: location.pathname, home: strip.dataset.scope, files: [...new Set(files)] });
    document.documentElement.dataset.kept = "";
  }
  window.outbox = { staff, get, all, put, drop, token, send, say, mine, isReached: () => reached };
  opened.then(() => { draw(); send(); }).catch(() => {});
  addEventListener("load", () => setTimeout(() => serve().catch(() => {}), 300));
})();

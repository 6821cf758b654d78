// The walk-around sheet on a tablet: every entry is kept as it is made, the whole is sent once, and what a colleague changed
// meanwhile is laid beside it. Pictures go by themselves. Also asks only the questions that matter for the fault.
(() => {
  "use strict";
  const { $, $$, toast } = window.ui;
  const form = $("#sheet-form"), outbox = window.outbox;
  if (!form) return;

  // --- Questions that matter for the fault ----------------------------------------------------------------------------------
  const topics = JSON.parse($("#concern-topics").textContent), fault = $("[name=fault]", form), known = $("#asked-words");
  function questions() {
    const said = `${fault.value} ${known ? $$(".pre-line", known).map((one) => one.textContent).join(" ") : ""}`.toLowerCase();
    const about = Object.keys(topics).filter((topic) => topics[topic].some((word) => said.includes(word)));
    $$(".concern", form).forEach((box) => {
      const wanted = (box.dataset.topics || "").split(" ").filter(Boolean);
      const matters = said.trim() && (!wanted.length || wanted.some((topic) => about.includes(topic)));
      box.hidden = !matters && !$("input:checked", box);
    });
    $(".concerns", form).hidden = !$$(".concern", form).some((box) => !box.hidden);
  }
  // A radio that is pressed again is taken back: “not asked” is an answer too.
  form.addEventListener("click", (event) => {
    const radio = event.target.closest(".concern input[type=radio]");
    if (!radio) return;
    if (radio.dataset.on) { radio.checked = false; delete radio.dataset.on; radio.dispatchEvent(new Event("change", { bubbles: true })); return; }
    $$(`input[name="${radio.name}"]`, form).forEach((one) => delete one.dataset.on);
    radio.dataset.on = "1";
  });
  fault.addEventListener("input", questions);
  questions();

  if (!outbox) return;
  const { staff, visit, plate } = form.dataset, key = `${staff}-${visit}`, page = location.pathname;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version"]);
  const version = $("[name=version]", form);

  function read() {
    const values = {};
    new FormData(form).forEach((value, name) => { if (!NOT_KEPT.has(name) && typeof value === "string") (values[name] ||= []).push(value); });
    // Where a picture lies is no part of what was entered.
    if (values.marks?.[0]) values.marks = [JSON.stringify(JSON.parse(values.marks[0]).map(({ thumb, ...mark }) => mark))];
    return values;
  }
  function write(values, only) {
    const names = new Set($$("[name]", form).map((field) => field.name));
    names.forEach((name) => {
      if (NOT_KEPT.has(name) || (only && !only.includes(name))) return;
      const given = values[name] || [];
      $$(`[name="${CSS.escape(name)}"]`, form).forEach((field) => {
        if (field.type === "file") return;
        if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
        else field.value = given[0] ?? "";
        field.closest("[data-damage]")?.dispatchEvent(new Event("marks-changed"));
      });
    });
    questions();
  }
  const same = (one, other) => JSON.stringify(one || []) === JSON.stringify(other || []);
  const differing = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !same(one[name], other[name]));

  // --- Kept as it is typed --------------------------------------------------------------------------------------------------
  let base = {}, current = null, timer = 0, ready = false;
  const note = $("[data-kept-note]");
  function tell(text, tone) {
    note.hidden = !text;
    note.textContent = text;
    note.className = `kept-note ${tone || ""}`;
  }
  const row = (more) => ({ key, staff, visit, plate, page, send: form.dataset.send, base, version: version.value, values: read(), written: Date.now(), ...more });
  async function keep() {
    clearTimeout(timer);
    if (!differing(base, read()).length) { if (current) { await outbox.drop("sheets", key); current = null; tell(""); } return; }
    current = row({ state: "draft", token: outbox.token() });
    try {
      await outbox.put("sheets", current);
      tell(outbox.say("kept_at", { time: new Date().toTimeString().slice(0, 5) }));
    } catch { tell(outbox.say("not_kept"), "bad-text"); }
  }
  const later = (event) => { if (ready && event.target.name) { clearTimeout(timer); timer = setTimeout(keep, 300); } };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => { if (ready && timer) keep(); });

  // --- What was kept, beside what the server has now --------------------------------------------------------------------------
  async function restore() {
    base = read();
    current = await outbox.get("sheets", key);
    if (current?.state === "queued") { await outbox.send(); current = await outbox.get("sheets", key); }
    if (current) {
      // The answer to a sheet that could not be taken shows it whole already.
      if ("bound" in form.dataset) { base = current.base; await outbox.put("sheets", current = { ...current, state: "draft" }); }
      else merge();
    }
    ready = true;
    form.dataset.ready = "";
  }
  function merge() {
    const now = base, mine = current.values, before = current.base;
    const changedHere = differing(before, mine), changedThere = differing(before, now);
    const both = changedHere.filter((name) => changedThere.includes(name) && !same(mine[name], now[name]));
    write(mine, changedHere);
    if (both.length) conflict(both, now, mine);
    const time = new Date(current.written).toTimeString().slice(0, 5);
    if (current.state === "queued") tell(outbox.say("sheet_waits", { time }), "warn-text");
    else tell(`${outbox.say("restored", { time })} ${current.state === "refused" && current.text ? current.text : ""}`, current.state === "refused" ? "bad-text" : "");
    // A colleague's change that is on the screen now may be followed by ours; a queued sheet keeps the version it was made from.
    if (current.state !== "queued") { current = row({ state: "draft", token: outbox.token(), written: current.written }); outbox.put("sheets", current); }
  }
  function label(name) {
    const field = $(`[name="${CSS.escape(name)}"]`, form), box = field?.closest("fieldset, .mb-3, .form-check");
    const text = box && $("legend, label", box) || field && $(`label[for="${field.id}"]`, form);
    return (text?.textContent || name).replace("*", "").trim().split("\n")[0];
  }
  function shown(name, values) {
    const given = values[name] || [];
    if (name === "marks") { try { return JSON.parse(given[0] || "[]").map((mark) => `${mark.zone} ${mark.note}`).join(", ") || "–"; } catch { return "?"; } }
    const labels = given.map((value) => {
      const field = $(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`, form);
      return field && field.type !== "hidden" && field.type !== "text" ? (field.closest("label") || $(`label[for="${field.id}"]`, form))?.textContent.trim() || value : value;
    });
    return labels.join(", ") || "–";
  }
  function conflict(names, now, mine) {
    const box = $("[data-conflict]"), list = $("tbody", box);
    list.replaceChildren(...names.map((name) => {
      const item = $("template", box).content.firstElementChild.cloneNode(true);
      $("[data-what]", item).textContent = label(name);
      $("[data-mine]", item).textContent = shown(name, mine);
      $("[data-theirs]", item).textContent = shown(name, now);
      $("button", item).addEventListener("click", () => { write(now, [name]); item.remove(); if (!list.childElementCount) box.hidden = true; keep(); });
      return item;
    }));
    box.hidden = false;
    box.focus();
  }

  // --- Sent once ------------------------------------------------------------------------------------------------------------
  const button = $("button[type=submit]", form);
  function busy(on) { button.disabled = on; button.classList.toggle("is-busy", on); button.setAttribute("aria-busy", String(on)); }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    clearTimeout(timer);
    busy(true);
    current = row({ state: "queued", token: outbox.token() });
    try { await outbox.put("sheets", current); } catch { form.submit(); return; } // no room on the tablet: the old way
    const result = (await outbox.send())[key] || { state: "later" };
    busy(false);
    if (result.state === "kept") return; // the event below leads on
    if (result.state === "invalid") { await outbox.put("sheets", { ...current, state: "draft" }); form.submit(); return; } // the server's page names what is wrong where it is
    if (result.state === "conflict") { location.reload(); return; }
    tell(outbox.say(result.state === "signed_out" ? "signed_out" : "sheet_waits", { time: new Date().toTimeString().slice(0, 5) }), "warn-text");
    note.scrollIntoView({ block: "center" });
  });
  document.addEventListener("sheet-refused", ({ detail }) => {
    if (detail.key !== key || button.disabled || !ready) return; // answered where it was asked
    if (detail.state === "conflict") location.reload(); else tell(detail.text, "bad-text");
  });
  document.addEventListener("sheet-sent", ({ detail }) => { if (detail.key === key) { ready = false; location.assign(detail.url); } });

  // --- Pictures -------------------------------------------------------------------------------------------------------------
  const previews = new Map();
  async function pending() {
    const rows = outbox.mine(await outbox.all("photos")).filter((photo) => photo.visit === visit);
    const box = $("[data-pending-photos]");
    if (!box) return;
    box.replaceChildren(...rows.map((photo) => {
      const item = $("[data-pending-photo]").content.firstElementChild.cloneNode(true), image = $("img", item);
      if (!previews.has(photo.token)) previews.set(photo.token, URL.createObjectURL(photo.blob));
      image.src = previews.get(photo.token);
      image.onerror = () => { image.replaceWith(Object.assign(document.createElement("span"), { className: "photo-name", textContent: photo.name })); };
      const refused = photo.state === "refused";
      $("[data-state]", item).textContent = refused ? photo.text : outbox.say("photo_kept");
      item.classList.toggle("photo-problem", refused);
      $("button", item).addEventListener("click", () => outbox.drop("photos", photo.token));
      return item;
    }));
    box.hidden = !rows.length;
  }
  async function take(files, kind, token) {
    for (const file of files) {
      if (file.size > 15 * 1024 * 1024) { toast(window.ui.say("photo_too_large", { name: file.name }), "warning"); continue; }
      const photo = { token: token || outbox.token(), staff, visit, plate, page, kind, blob: file, name: file.name || "photo.jpg", state: "queued", taken: Date.now(), send: form.dataset.sendPhoto };
      try { await outbox.put("photos", photo); } catch { toast(outbox.say("no_room", { name: file.name }), "error"); }
    }
    await outbox.send();
  }
  // Instead of htmx: the picture is in the tablet's database before anything is sent.
  document.addEventListener("change", (event) => {
    const photos = event.target.closest?.("form[data-photos]");
    if (!photos || event.target.type !== "file") return;
    event.stopImmediatePropagation();
    const files = [...event.target.files];
    event.target.value = "";
    take(files, photos.dataset.photos);
  }, true);
  form.addEventListener("mark-photo", (event) => { previews.set(event.detail.token, URL.createObjectURL(event.detail.file)); take([event.detail.file], "damage", event.detail.token); });
  document.addEventListener("outbox-changed", pending);
  // One look at a time, and one more for what came meanwhile: two answers at once would replace each other's place.
  let looking = false, again = false;
  async function look() {
    again = looking;
    if (looking) return;
    looking = true;
    await window.htmx.ajax("GET", form.dataset.photosUrl, { target: "#photos", swap: "outerHTML" }).catch(() => {});
    looking = false;
    await pending();
    if (again) await look();
  }
  document.addEventListener("photo-sent", ({ detail }) => { if (detail.visit === visit) look(); });
  window.markPhoto = (token) => previews.get(token);

  const begin = () => restore().then(pending).catch(() => { ready = true; form.dataset.ready = ""; });
  // The drawing reads its marks first.
  if ("ready" in document.documentElement.dataset) begin(); else document.addEventListener("ui-ready", begin, { once: true });
})();

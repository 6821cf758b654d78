// What every page does: search by keyboard, menus, dialogs, one submit at a time, polling that rests, and plain words when the
// network is gone. Pages work without it; it only makes them quicker.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("ui-text")?.textContent || "{}");
  const say = (text, values = {}) => (words[text] || text).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  window.ui = { say, $, $$ };

  // --- Notices ------------------------------------------------------------------------------------------------------
  function toast(text, level = "info") {
    const note = document.createElement("div");
    note.className = `toast-note toast-${level}`;
    note.dataset.toast = level;
    if (level === "error") note.setAttribute("role", "alert");
    const body = document.createElement("div");
    body.className = "toast-text";
    body.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", say("close"));
    close.textContent = "×";
    note.append(body, close);
    // The same trouble is told once, however often the board asks.
    $$(".toast-note").filter((other) => $(".toast-text", other).textContent.trim() === text).forEach((other) => other.remove());
    $("#toasts").append(note);
    expire(note);
  }
  // An open dialog covers everything outside it; notices go along with it and come back.
  function open(dialog) {
    dialog.showModal();
    dialog.append($("#toasts"));
    dialog.addEventListener("close", () => ($$("dialog[open]").pop() || document.body).append($("#toasts")), { once: true });
  }
  function expire(note) {
    if (note.dataset.toast === "success" || note.dataset.toast === "info") setTimeout(() => note.remove(), 6000);
  }
  window.ui.toast = toast;
  const expireAll = (root) => $$("[data-toast]", root).filter((n) => !n.dataset.seen).forEach((n) => { n.dataset.seen = "1"; expire(n); });
  document.body.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));

  // --- Clicks that are not links ------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-toast-close], [data-dialog-close], [data-theme]");
    $$("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (!target) return;
    if ("toastClose" in target.dataset) target.closest(".toast-note").remove();
    if ("dialogClose" in target.dataset) target.closest("dialog")?.close();
    if ("theme" in target.dataset) { window.chooseTheme(target.dataset.theme); }
  });
  document.addEventListener("click", (event) => {
    // A click anywhere in a row opens the row's main link; controls and selected text keep their own meaning.
    const row = event.target.closest("tr, .car-card");
    const link = row && $("a.row-link", row);
    if (!link || event.target.closest("a, button, input, select, textarea, label, summary, dialog") || String(getSelection())) return;
    event.ctrlKey || event.metaKey ? window.open(link.href, "_blank", "noopener") : link.click();
  });
  function showTheme() {
    const chosen = document.documentElement.dataset.themeChoice || "";
    $$("[data-theme-switch]").forEach((box) => {
      box.hidden = false;
      $$("button", box).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.theme === chosen)));
    });
  }
  document.addEventListener("theme-changed", showTheme);

  // --- Keyboard -----------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const search = $("#global-search");
    if (search && ((event.key === "/" && !typing) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)))) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      $$("details[data-menu][open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      if (typing === search && search) search.blur();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest?.("[data-search]")) {
      const stops = [search, ...$$("#search-results .result")];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[next]) { event.preventDefault(); stops[next].focus(); }
    } else if (event.key === "Enter" && event.target.form && event.target.closest("form[data-enter-next]") && event.target.tagName === "INPUT") {
      // A counter's form: Enter leads to the next field, as on a till; on the last one it submits.
      const fields = $$("input:not([type=hidden]), select, textarea", event.target.form).filter((f) => f.offsetParent && !f.disabled);
      const next = fields[fields.indexOf(event.target) + 1];
      if (next) { event.preventDefault(); next.focus(); next.select?.(); }
    }
  });
  // Words still being composed are no search; the finished word is.
  document.addEventListener("compositionend", (event) => { if (event.target.matches("[hx-get]")) window.htmx?.trigger(event.target, "composed"); });

  // --- One submit at a time, asked first where it matters -------------------------------------------------------------
  let asked = null;
  const confirmText = (form, submitter) => submitter?.dataset.confirm || form.dataset.confirm;
  function ask(text, yesLabel, grave) {
    const dialog = $("#confirm");
    $("#confirm-text").textContent = text;
    const yes = $("[data-confirm-yes]", dialog);
    yes.textContent = yesLabel || say("confirm");
    yes.classList.toggle("btn-grave", grave);
    dialog.returnValue = "no";
    open(dialog);
    return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target, submitter = event.submitter;
    const text = confirmText(form, submitter);
    if (text && asked !== form) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(text, submitter?.dataset.confirmYes || form.dataset.confirmYes, submitter?.matches(".btn-danger")).then((yes) => {
        if (!yes) return;
        asked = form;
        form.requestSubmit(submitter || undefined);
        asked = null;
      });
      return;
    }
    if ("noGuard" in form.dataset || form.method === "get" || form.method === "dialog") return;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.busy = "1";
    // After this turn, so that the pressed button's own name and value are still sent.
    setTimeout(() => { if (!event.defaultPrevented || isHtmx(form)) busy(form, true, submitter); });
  }, true);
  const isHtmx = (form) => form.matches("[hx-post], [data-hx-post], [hx-put], [hx-patch], [hx-delete]");
  function busy(form, on, submitter) {
    if (on) form.dataset.busy = "1"; else delete form.dataset.busy;
    $$("button[type=submit], button:not([type]), input[type=submit]", form).forEach((button) => {
      button.disabled = on ? true : button.dataset.wasDisabled === "1";
      button.setAttribute("aria-busy", String(on && button === submitter));
      button.classList.toggle("is-busy", on && (button === submitter || !submitter));
    });
    form.setAttribute("aria-busy", String(on));
  }
  // Back from the next page: the form lives again.
  addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-busy]").forEach((form) => busy(form, false)); });

  // --- htmx -----------------------------------------------------------------------------------------------------------
  const etags = new Map();
  const line = document.createElement("div");
  line.className = "progress-line";
  document.body.append(line);
  let working = 0;
  const lineOf = (event, step) => {
    if (event.detail.elt.closest("[data-poll], [data-quiet]")) return;
    working = Math.max(0, working + step);
    line.classList.toggle("on", working > 0);
  };
  const on = (name, run) => document.body.addEventListener(name, run);

  on("htmx:configRequest", (event) => {
    const { elt, path, headers, triggeringEvent } = event.detail;
    if (triggeringEvent?.isComposing) { event.preventDefault(); return; }
    if (elt.matches("[data-poll]")) {
      // A hidden tab asks for nothing; it catches up when it is looked at again.
      if (document.hidden) { event.preventDefault(); return; }
      if (etags.has(path)) headers["If-None-Match"] = etags.get(path);
    }
  });
  on("htmx:beforeRequest", (event) => lineOf(event, 1));
  on("htmx:afterRequest", (event) => {
    lineOf(event, -1);
    const { elt, xhr, pathInfo } = event.detail;
    const form = elt.closest("form");
    if (form?.dataset.busy) busy(form, false);
    if (elt.matches("[data-poll]") && xhr.status) {
      const tag = xhr.getResponseHeader("ETag");
      if (tag) etags.set(pathInfo.requestPath, tag);
      elt.classList.remove("is-stale");
      elt.removeAttribute("title");
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) $$("[data-poll]").forEach((elt) => window.htmx?.trigger(elt, "refresh"));
  });
  on("htmx:sendError", (event) => lost(event, "lost"));
  on("htmx:timeout", (event) => lost(event, "lost"));
  on("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    lost(event, status === 401 ? "signed_out" : status === 403 ? "not_allowed" : status === 404 || status === 410 ? "gone" : "failed");
  });
  function lost(event, why) {
    const elt = event.detail.elt;
    if (elt.matches("[data-poll]")) {
      elt.classList.add("is-stale");
      elt.title = say("stale", { time: new Date().toTimeString().slice(0, 5) });
      if (why === "lost") return; // a board that asks again in a few seconds need not shout
    }
    toast(say(why), "error");
  }
  on("htmx:beforeSwap", (event) => {
    // Signed out meanwhile: the answer is the sign-in page; go there instead of putting it into a corner of this one.
    const url = event.detail.xhr.responseURL;
    if (url && new URL(url).pathname.includes("/login")) { event.detail.shouldSwap = false; location.reload(); }
  });
  on("htmx:afterSwap", (event) => {
    const dialog = event.detail.target.closest?.("dialog");
    if (dialog && !dialog.open && event.detail.target.childElementCount) {
      const title = $("#dialog-title", dialog);
      if (title) dialog.setAttribute("aria-label", title.textContent);
      open(dialog);
    }
    ready(event.detail.target);
  });
  on("close-dialog", () => $$("dialog[open]").forEach((dialog) => dialog.close()));
  $$("dialog").forEach((dialog) => dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); }));

  // --- Countdowns -----------------------------------------------------------------------------------------------------
  function span(milliseconds) {
    const total = Math.round(Math.abs(milliseconds) / 60000);
    const d = Math.floor(total / 1440), h = Math.floor((total % 1440) / 60), m = total % 60;
    if (d) return say(h ? "days_hours" : "days", { d, h });
    if (h) return say(m ? "hours_minutes" : "hours", { h, m });
    return say("minutes", { m });
  }
  const TONES = { fine: "idle", at_risk: "warn", late: "bad" };
  const ICONS = { fine: "clock", at_risk: "hourglass-split", late: "alarm" };
  function count() {
    const now = Date.now();
    $$("[data-countdown]").forEach((badge) => {
      const left = Date.parse($("time", badge).dateTime) - now;
      const text = Math.abs(left) < 30000 ? say("now") : say(left > 0 ? "in" : "late", { time: span(left) });
      const slot = $(".promise-left", badge);
      if (slot.textContent !== text) slot.textContent = text;
      const state = left < 0 ? "late" : left < badge.dataset.risk * 60000 ? "at_risk" : "fine";
      if (state !== badge.dataset.state) {
        badge.classList.replace(`chip-${TONES[badge.dataset.state]}`, `chip-${TONES[state]}`);
        const use = $("use", badge);
        use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[state]}`));
        badge.dataset.state = state;
      }
    });
  }
  window.ui.count = count;
  setInterval(() => { if (!document.hidden) count(); }, 15000);

  // --- Whatever has just come onto the page -----------------------------------------------------------------------------
  function ready(root) {
    expireAll(root);
    count();
    const summary = $("[data-error-summary]", root) || (root.matches?.("[data-error-summary]") ? root : null);
    if (summary) summary.focus();
    document.dispatchEvent(new CustomEvent("ui-ready", { detail: root }));
  }
  showTheme();
  // Scripts that follow listen first.
  setTimeout(() => { ready(document.body); document.documentElement.dataset.ready = ""; });
})();

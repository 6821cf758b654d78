// The booking pages: the menu narrows while one types, the times follow what is ticked, a chosen time is held, and a booking is
// dragged or carried by the arrow keys to another time. Everything works without it, only slower.
(() => {
  "use strict";
  const { $, $$ } = window.ui;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

  // --- The menu -------------------------------------------------------------------------------------------------------
  const menu = $("[data-menu-field]"), find = $("[data-menu-find]");
  if (menu && find) {
    find.hidden = false;
    const rows = $$("[data-menu-row]", menu);
    // The box is the way in; arrow keys lead through the list, Tab past it.
    rows.forEach((row) => { $("input", row).tabIndex = -1; });
    if ("first" in find.dataset) find.focus();
    const narrow = () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row) => { row.hidden = !words.every((word) => row.dataset.find.includes(word)); });
      $$("[data-menu-group]", menu).forEach((group) => { group.hidden = !$("[data-menu-row]:not([hidden])", group); });
      $("[data-menu-none]", menu).hidden = rows.some((row) => !row.hidden);
      $(".svc-list", menu).scrollTop = 0;
    };
    find.addEventListener("input", narrow);
    find.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") {
        // Ticks the first that fits and is ready for the next word; with an empty box it goes on to the times.
        event.preventDefault();
        if (!find.value.trim()) { ($("#slots input[name=slot]:checked") || $("#slots input[name=slot]"))?.focus(); return; }
        const first = rows.find((row) => !row.hidden);
        if (first) { $("input", first).click(); find.value = ""; narrow(); }
      } else if (event.key === "Escape" && find.value) {
        event.preventDefault();
        find.value = "";
        narrow();
      } else if (event.key === "ArrowDown") {
        const first = rows.find((row) => !row.hidden);
        if (first) { event.preventDefault(); $("input", first).focus(); }
      }
    });
    menu.addEventListener("keydown", (event) => {
      if (!event.target.matches("[data-menu-row] input") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
      const stops = [find, ...rows.filter((row) => !row.hidden).map((row) => $("input", row))];
      const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    });
  }

  // --- Times: up and down stay with the advisor --------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const cell = event.target.matches?.(".slot input") && event.target.closest("td");
    if (!cell || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    let row = cell.parentElement;
    while ((row = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling)) {
      const next = $(".slot input", row.cells[cell.cellIndex]);
      if (next) { next.focus(); next.click(); return; }
    }
  });

  // --- The times follow what is ticked, the chosen one is held ------------------------------------------------------------
  const form = $("[data-booking]");
  if (form) {
    let soon = 0;
    form.addEventListener("change", (event) => {
      if (!event.target.matches("[data-wish]")) return;
      clearTimeout(soon);
      soon = setTimeout(() => document.body.dispatchEvent(new CustomEvent("wish-changed")), 150);
    });
    const choose = () => {
      const chosen = $("#slots input[name=slot]:checked");
      if (chosen) chosen.dispatchEvent(new Event("change", { bubbles: true }));
      else $("#hold .hold-box")?.remove();
    };
    // Other work took another hold's place: the chosen time is held again, or nothing is while it cannot be had any more.
    document.body.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target.id === "slots" && event.detail.requestConfig.verb === "post") choose();
    });
    document.addEventListener("ui-ready", (event) => { if (event.detail === document.body && !$("#hold .hold-box")) choose(); });
    setInterval(() => {
      const box = $("[data-held-until]", form);
      if (!box || Date.now() < Date.parse(box.dataset.heldUntil)) return;
      $("[data-held]", box).hidden = true;
      $("[data-lapsed]", box).hidden = false;
    }, 1000);
    const address = $("[name=pickup_address]", form), fetched = $("[name=pickup]", form);
    if (address && fetched) {
      const box = address.closest(".pickup-address");
      const show = () => { box.hidden = !fetched.checked; };
      fetched.addEventListener("change", () => { show(); if (fetched.checked) address.focus(); });
      show();
    }
  }

  // --- A booking is dragged, or carried by the keyboard --------------------------------------------------------------------
  const grid = $("[data-move-grid]"), mover = $("[data-move-form]");
  if (!grid || !mover) return;
  const status = $("[data-move-status]", grid) || $("[data-move-status]");
  const targets = () => $$("td[data-drop], td[data-moment]", grid);
  let card = null, at = null;

  // On the day's page a cell is an advisor's time, on the week's a time of the card's own advisor.
  const slotOf = (cell, moved) => cell.dataset.drop || `${moved.dataset.advisor}@${cell.dataset.moment}`;
  function mark(cell) {
    at?.classList.remove("is-target");
    at = cell;
    at?.classList.add("is-target");
    at?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (at && card) status.textContent = fill(mover.dataset.targetText, { time: at.dataset.when, car: card.dataset.label });
  }
  function pick(moved) {
    card = moved;
    card.classList.add("is-carried");
    grid.classList.add("is-moving");
  }
  function leave() {
    card?.classList.remove("is-carried");
    grid.classList.remove("is-moving");
    mark(null);
    card = null;
    status.textContent = "";
  }
  function drop(cell) {
    const moved = card;
    mover.action = moved.dataset.moveUrl;
    mover.elements.slot.value = slotOf(cell, moved);
    mover.elements.version.value = moved.dataset.version;
    mover.dataset.confirm = fill(mover.dataset.ask, { car: moved.dataset.label, time: cell.dataset.when });
    leave();
    mover.requestSubmit();
  }
  grid.addEventListener("dragstart", (event) => {
    const moved = event.target.closest("[data-card]");
    if (!moved) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", moved.dataset.label);
    pick(moved);
  });
  grid.addEventListener("dragover", (event) => {
    const cell = event.target.closest("td[data-drop], td[data-moment]");
    if (!card || !cell) return;
    event.preventDefault();
    if (cell !== at) mark(cell);
  });
  grid.addEventListener("drop", (event) => {
    const cell = event.target.closest("td[data-drop], td[data-moment]");
    if (!card || !cell) return;
    event.preventDefault();
    drop(cell);
  });
  grid.addEventListener("dragend", () => { if (card) leave(); });

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  function step(key) {
    const [down, right] = STEPS[key];
    let cell = at || card.closest("td");
    let row = cell.parentElement.rowIndex, column = cell.cellIndex;
    const table = cell.closest("table");
    for (;;) {
      row += down;
      column += right;
      cell = table.rows[row]?.cells[column];
      if (!cell || row < 1 || column < 1) return;
      if (cell.matches("[data-drop], [data-moment]")) { mark(cell); return; }
    }
  }
  grid.addEventListener("keydown", (event) => {
    const focused = event.target.closest("[data-card]");
    if (!card && focused && event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      pick(focused);
      mark(targets().find((cell) => focused.closest("td").compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING) || targets()[0]);
    } else if (card && event.key in STEPS) {
      event.preventDefault();
      step(event.key);
    } else if (card && event.key === "Enter") {
      event.preventDefault();
      if (at) drop(at);
    } else if (card && event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });
})();

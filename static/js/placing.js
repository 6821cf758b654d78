// The dispatch board by hand: take a line that waits or a job that is planned, over a lane and a time, and put it down. With the
// mouse by dragging; with the keyboard M takes it, the arrow keys move it, Enter puts it down, Escape puts it back. Without this
// script the forms of the drawer do the same.
(() => {
  "use strict";
  const { $, $$ } = window.ui;
  const board = $("[data-board]"), voice = $("#board-says");
  if (!board) return;
  const COLUMN_MINUTES = 5, STEP = 3; // a quarter of an hour
  let held = null; // { elt, lane, column, width, ghost }

  const lanes = () => $$("[data-lane]", board);
  const frame = () => $("[data-window]", board);
  const columns = () => Number(frame().dataset.columns);
  const tell = (key, values = {}) => { voice.textContent = (voice.dataset[key] || "").replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? ""); };
  const startAt = (column) => new Date(Date.parse(frame().dataset.window) + (column - 1) * COLUMN_MINUTES * 60000);
  // The hour as the board writes it: the clock of the store, whatever this device thinks.
  function clockText(column) {
    const [hour, minute] = frame().dataset.window.slice(11, 16).split(":").map(Number);
    const total = hour * 60 + minute + (column - 1) * COLUMN_MINUTES;
    return `${String(Math.floor(total / 60) % 24).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
  }
  const clamp = (column, width) => Math.max(1, Math.min(column, columns() - Math.min(width, columns()) + 1));
  const snapped = (column) => Math.floor((column - 1) / STEP) * STEP + 1;

  function take(elt) {
    const width = Math.max(1, Math.round(Number(elt.dataset.minutes) / COLUMN_MINUTES));
    const ghost = document.createElement("li");
    ghost.className = "lane-ghost";
    ghost.setAttribute("aria-hidden", "true");
    held = { elt, lane: null, column: 1, width, ghost };
    elt.classList.add("is-held");
    board.classList.add("is-placing");
  }

  function show(lane, column) {
    held.lane = lane;
    held.column = clamp(snapped(column), held.width);
    held.ghost.className = `lane-ghost at-${held.column} for-${Math.min(held.width, columns() - held.column + 1)}`;
    held.ghost.textContent = `${clockText(held.column)} ${held.elt.dataset.what}`;
    const list = $(".lane-jobs", lane);
    if (held.ghost.parentElement !== list) list.append(held.ghost);
    lanes().forEach((row) => row.classList.toggle("is-over", row === lane));
  }

  function drop() {
    if (!held) return;
    held.ghost.remove();
    held.elt.classList.remove("is-held");
    lanes().forEach((row) => row.classList.remove("is-over"));
    board.classList.remove("is-placing");
    held = null;
  }

  function put() {
    const { elt, lane, column } = held;
    const values = { lane: lane.dataset.lane, start: startAt(column).toISOString() };
    if (elt.dataset.job) Object.assign(values, { job: elt.dataset.job, version: elt.dataset.version });
    else values.line = elt.dataset.line;
    const line = elt.dataset.line;
    drop();
    window.htmx.ajax("POST", board.dataset.place, { source: voice, target: board, swap: "innerHTML", values })
      .then(() => ($(`[data-block][data-line="${line}"]`, board) || $(`[data-line="${line}"] a`, board))?.focus());
  }

  // Nothing is drawn anew under the hand that holds something.
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (held && event.detail.elt === board) event.preventDefault(); });

  // --- Mouse ----------------------------------------------------------------------------------------------------------------
  let grip = 0; // where in the block it was taken, in columns
  board.addEventListener("dragstart", (event) => {
    const elt = event.target.closest?.("[data-take]");
    if (!elt) return;
    take(elt);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", elt.dataset.what);
    const box = elt.getBoundingClientRect();
    grip = elt.dataset.job ? Math.round((event.clientX - box.left) / (box.width / held.width)) : 0;
  });
  board.addEventListener("dragover", (event) => {
    const lane = held && event.target.closest?.("[data-lane]");
    if (!lane) return;
    event.preventDefault();
    const track = $("[data-track]", lane).getBoundingClientRect();
    show(lane, Math.floor(((event.clientX - track.left) / track.width) * columns()) + 1 - grip);
  });
  board.addEventListener("drop", (event) => { if (held?.lane) { event.preventDefault(); put(); } });
  document.addEventListener("dragend", drop);

  // --- Keyboard -------------------------------------------------------------------------------------------------------------
  function takeByKey(elt) {
    const own = elt.closest("[data-lane]") || lanes()[0];
    if (!own) return;
    const now = $(".lane-now", board)?.className.match(/at-(\d+)/)?.[1];
    take(elt);
    show(own, Number(elt.dataset.column || now || 1) + (elt.dataset.column ? 0 : STEP - 1));
    tell("held", { what: elt.dataset.what, lane: own.dataset.name, time: clockText(held.column) });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!held) {
      const elt = event.key.toLowerCase() === "m" && event.target.closest?.("[data-take]");
      if (elt && board.contains(elt)) { event.preventDefault(); takeByKey(elt); }
      return;
    }
    const rows = lanes(), place = rows.indexOf(held.lane);
    const moves = {
      ArrowLeft: () => show(held.lane, held.column - STEP),
      ArrowRight: () => show(held.lane, held.column + STEP),
      ArrowUp: () => show(rows[Math.max(0, place - 1)], held.column),
      ArrowDown: () => show(rows[Math.min(rows.length - 1, place + 1)], held.column),
    };
    if (moves[event.key]) {
      moves[event.key]();
      held.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
      tell("over", { lane: held.lane.dataset.name, time: clockText(held.column) });
    } else if (event.key === "Enter") put();
    else if (event.key === "Escape") { const { elt } = held; drop(); elt.focus?.(); tell("back"); }
    else if (event.key !== "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();

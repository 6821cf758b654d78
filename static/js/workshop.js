// The workshop's pages: running time that runs, and arrow keys between the jobs of the board. Both pages work without it.
(() => {
  "use strict";
  const { say, $, $$ } = window.ui;

  // --- Time worked so far ---------------------------------------------------------------------------------------------
  // Counted by this page's own stopwatch from what the server said, whatever the device's clock shows.
  const seen = new WeakMap();
  function run() {
    if (document.hidden) return;
    $$("[data-before]").forEach((elt) => {
      if (!seen.has(elt)) seen.set(elt, performance.now());
      const rate = Number(elt.dataset.rate || 1);
      const seconds = Number(elt.dataset.before) + (rate * (performance.now() - seen.get(elt))) / 1000;
      const total = Math.floor(seconds / 60), h = Math.floor(total / 60), m = total % 60;
      const text = h ? say(m ? "hours_minutes" : "hours", { h, m }) : say("minutes", { m });
      if (elt.textContent !== text) elt.textContent = text;
    });
  }
  run();
  setInterval(run, 15000);
  document.addEventListener("visibilitychange", run);

  // --- The board that draws itself anew keeps its place, and begins where the day is ------------------------------------
  const board = $("[data-board]");
  if (board) {
    const lanes = () => $("#lanes", board);
    let left = 0;
    document.body.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target === board && lanes()) left = lanes().scrollLeft; });
    document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === board && lanes()) lanes().scrollLeft = left; });
    const now = $(".lane-now", board);
    if (now && lanes().scrollWidth > lanes().clientWidth) lanes().scrollLeft = now.offsetLeft - lanes().clientWidth / 3;
  }

  // --- The board by keyboard --------------------------------------------------------------------------------------------
  const middle = (elt) => { const box = elt.getBoundingClientRect(); return box.left + box.width / 2; };
  function next(block, key) {
    const lane = block.closest("[data-lane]"), mine = $$("[data-block]", lane);
    if (key === "ArrowLeft" || key === "ArrowRight") return mine[mine.indexOf(block) + (key === "ArrowRight" ? 1 : -1)];
    const lanes = $$("[data-lane]").filter((row) => $("[data-block]", row));
    const other = lanes[lanes.indexOf(lane) + (key === "ArrowDown" ? 1 : -1)];
    // Up and down lead to the job that is nearest in time.
    return other && $$("[data-block]", other).sort((a, b) => Math.abs(middle(a) - middle(block)) - Math.abs(middle(b) - middle(block)))[0];
  }
  document.addEventListener("keydown", (event) => {
    const block = event.target.closest?.("[data-block]");
    if (!block || event.isComposing || !event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = next(block, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();

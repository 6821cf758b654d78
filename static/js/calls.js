// The list of reminder calls by keyboard: up and down through the rows; on a call, digits choose the outcome, B books.
(() => {
  "use strict";
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (target) => target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]");

  function walk(event) {
    const links = $$("[data-walk] .row-link");
    const here = links.indexOf(document.activeElement);
    const to = links[here + (event.key === "ArrowDown" ? 1 : -1)] || (here < 0 ? links[0] : null);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  }
  function choose(event) {
    const outcomes = $$("[data-outcome-keys] input[type=radio]");
    const to = outcomes[Number(event.key) - 1];
    if (!to) return;
    event.preventDefault();
    to.checked = true;
    to.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (document.querySelector("[data-walk]")) walk(event);
    } else if (/^[1-9]$/.test(event.key)) choose(event);
    else if (event.key.toLowerCase() === "b") {
      const book = document.querySelector("[data-key=b]");
      if (book) { event.preventDefault(); book.click(); }
    }
  });
})();

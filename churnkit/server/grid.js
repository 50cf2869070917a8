// Enter opens the customer of a row.
//
// A table is drawn on a canvas, which holds its cells once more as a table for the keyboard and for readers of the screen. In
// a table of customers any cell that is chosen opens its row, but for those of the first column, "Open", in which one goes
// up and down. There Enter does what the arrow to the right does.
(() => {
  const cellIn = (target) =>
    target.closest?.('[data-testid="data-grid-canvas"], canvas')?.querySelector('td[aria-selected="true"][aria-colindex="1"]');
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const cell = cellIn(event.target);
      if (cell?.closest("table").querySelector("th")?.textContent.trim() !== "Open") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const arrow = { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true, cancelable: true };
      event.target.dispatchEvent(new KeyboardEvent("keydown", arrow));
    },
    true,
  );
})();

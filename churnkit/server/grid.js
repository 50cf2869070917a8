// The keyboard in a table of customers: Enter opens the customer of a row, Tab leaves the table.
//
// A table is drawn on a canvas, which holds its cells once more as a table for the keyboard and for readers of the screen. In
// a table of customers any cell that is chosen opens its row, but for those of the first column, "Open", in which one goes
// up and down. There Enter does what the arrow to the right does. Tab would choose the next cell, and so open somebody whom
// nobody asked for on the way through the page: the table is kept from it, and the browser goes on to what follows.
(() => {
  const gridOf = (target) => {
    const grid = target.closest?.('[data-testid="data-grid-canvas"]');
    return grid?.querySelector("th")?.textContent.trim() === "Open" ? grid : undefined;
  };
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const grid = gridOf(event.target);
      if (grid && event.key === "Tab") event.stopImmediatePropagation();
      if (event.key !== "Enter" || event.shiftKey) return;
      if (!grid?.querySelector('td[aria-selected="true"][aria-colindex="1"]')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const arrow = { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true, cancelable: true };
      event.target.dispatchEvent(new KeyboardEvent("keydown", arrow));
    },
    true,
  );
})();

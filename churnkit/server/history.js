// The browser's Back leads to the page before, in one step, and to what was looked at there.
//
// Streamlit makes an entry of the history of every parameter that its server writes into the address: of an analysis that a
// bare address is given, of a tab that the page before had and this one has not. Here such a change mends the entry that there
// is. What names something else than before is a step that one can take back. A page that leads on to another by itself is
// none: a step back to it would lead on again.
(() => {
  const STEPS = ["analysis", "share", "upload", "customer", "with"];
  // What every page keeps; anything else may be meant for the page that comes next, and waits for whether one comes.
  const KEPT = ["analysis", "share", "expert"];
  const WAIT_MS = 1000;
  const push = history.pushState.bind(history);
  let waiting = 0;
  let acted = false;
  const forget = () => clearTimeout(waiting);

  const mend = (changes) => {
    const url = new URL(location.href);
    for (const [name, before, after] of changes) {
      if (url.searchParams.getAll(name).join("\n") !== before.join("\n")) continue;
      url.searchParams.delete(name);
      for (const value of after) url.searchParams.append(name, value);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };

  history.pushState = (state, title, to) => {
    const now = new URL(location.href);
    const next = new URL(to, now);
    const names = new Set([...now.searchParams.keys(), ...next.searchParams.keys()]);
    const changes = [...names]
      .map((name) => [name, now.searchParams.getAll(name), next.searchParams.getAll(name)])
      .filter(([, before, after]) => before.join("\n") !== after.join("\n"));
    const isStep = ([name, before, after]) => STEPS.includes(name) && before.length && after.length;
    // A file that has become an analysis is left behind with it: a reload right after opens the analysis.
    const isRead = changes.some(([name, before, after]) => name === "analysis" && !before.length && after.length);
    const isKept = ([name, before]) => (KEPT.includes(name) && !before.length) || (name === "upload" && isRead);
    forget();
    if (next.pathname !== now.pathname && !acted) {
      history.replaceState(state, title, to);
      return;
    }
    if (next.pathname !== now.pathname || changes.some(isStep)) {
      push(state, title, to);
      return;
    }
    mend(changes.filter(isKept));
    const later = changes.filter((change) => !isKept(change));
    if (later.length) waiting = setTimeout(mend, WAIT_MS, later);
  };
  addEventListener("popstate", () => {
    forget();
    acted = false;
  });
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (acted = true), true);
})();

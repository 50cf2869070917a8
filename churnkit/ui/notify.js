// Tells of the end of work that somebody has asked to be told of, where the browser lets us.
(() => {
  const KEY = "churnkit-told-of";
  const may = "Notification" in window && window.isSecureContext;
  const ask = document.getElementById("churnkit-notify");
  if (ask && may && Notification.permission !== "denied") {
    const job = ask.dataset.job;
    const show = () => {
      const waits = Notification.permission === "granted" && localStorage.getItem(KEY) === job;
      ask.textContent = waits ? ask.dataset.waits : ask.dataset.asks;
      ask.disabled = waits;
      ask.style.display = "inline-block";
    };
    ask.addEventListener("click", async () => {
      if ((await Notification.requestPermission()) === "granted") {
        localStorage.setItem(KEY, job);
        show();
      } else {
        ask.style.display = "none";
      }
    });
    show();
  }
  const done = document.getElementById("churnkit-done");
  if (done && localStorage.getItem(KEY) === done.dataset.job) {
    localStorage.removeItem(KEY);
    if (may && Notification.permission === "granted") new Notification(done.dataset.words);
  }
})();

// The page refreshes itself through htmx. This says so when that stops, and lets a reader hold it still.
(() => {
  const lost = document.getElementById("lost");
  const pause = document.getElementById("pause");
  let lastSeen = new Date();

  const isPaused = () => pause.getAttribute("aria-pressed") === "true";

  const answered = () => {
    lastSeen = new Date();
    lost.hidden = true;
  };
  const unanswered = () => {
    lost.textContent = `The dashboard does not answer. These figures are from ${lastSeen.toLocaleTimeString()}.`;
    lost.hidden = false;
  };

  document.addEventListener("htmx:error", unanswered);
  document.addEventListener("htmx:after:request", (event) => {
    (event.detail.ctx.response.status < 400 ? answered : unanswered)();
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (isPaused() || document.hidden) event.preventDefault();
  });
  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(!isPaused()));
    pause.textContent = isPaused() ? "Resume updates" : "Pause updates";
  });
  pause.hidden = false;
})();

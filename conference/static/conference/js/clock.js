// Counts the time of a turn down and follows the server; without a connection it says so and goes on counting.
// A button that does not reach the server says so too, and leaves the page where it is.
const PAUSE = 2000;

function words(seconds) {
  const whole = Math.abs(seconds);
  return `${seconds < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

for (const clock of document.querySelectorAll("[data-clock]")) {
  const part = (name) => clock.querySelector(`[data-clock-${name}]`);
  const said = { left: Number(clock.dataset.left), running: "running" in clock.dataset, at: performance.now() };

  const tick = () => {
    const left = said.left - (said.running ? Math.floor((performance.now() - said.at) / 1000) : 0);
    part("left").textContent = words(left);
    clock.classList.toggle("clock--over", left < 0 && !part("left").hidden);
  };

  const follow = (now) => {
    if (now.mark !== clock.dataset.mark && !("follows" in clock.dataset)) return location.reload();
    clock.dataset.mark = now.mark;
    Object.assign(said, { left: now.left, running: now.is_running, at: performance.now() });
    part("who").textContent = now.who;
    part("next").textContent = now.next;
    part("late").textContent = now.late;
    part("left").hidden = !now.is_speaking;
    part("following").hidden = !now.next;
    part("paused").hidden = now.is_running || !now.is_speaking;
  };

  const ask = async () => {
    try {
      const response = await fetch(clock.dataset.clock, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PAUSE * 2) });
      if (!response.ok || response.redirected) throw new Error("no state");
      follow(await response.json());
      part("lost").hidden = true;
    } catch {
      part("lost").hidden = false;
    }
    setTimeout(ask, PAUSE);
  };

  setInterval(tick, 250);
  setTimeout(ask, PAUSE);
}

async function sent(form, button) {
  const body = new FormData(form, button);
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PAUSE * 2) });
    return response.type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** Ask for the page again, at the button that was pressed. */
function drawAnew(button) {
  history.replaceState(null, "", `#${button.id}`);
  location.reload();
}

for (const form of document.querySelectorAll("[data-clock-keys]")) {
  // A browser that reloads goes where the page was scrolled to and focuses nothing.
  form.querySelector(`#${CSS.escape(location.hash.slice(1) || "none")}`)?.focus({ preventScroll: true });
  const unsent = document.querySelector("[data-clock-unsent]");
  let isUnderWay = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isUnderWay) return;
    isUnderWay = true;
    unsent.hidden = true;
    const isSent = await sent(form, event.submitter);
    unsent.hidden = isSent;
    if (isSent) return drawAnew(event.submitter); // until the new page stands, another press is of the old one and is not sent
    isUnderWay = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const button = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    button.click();
  });
}

// The screen at a door: counts by itself, looks at the server now and then (the answer is 304 while nothing changed), takes the
// languages in turn, and says since when it could not look.
const first = document.querySelector("[data-door]");
let ahead = 0; // by how many milliseconds the server's clock is ahead of this machine's
let lastSeen = null;
let turn = 0;

const hours = (at) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: document.querySelector("[data-door]").dataset.zone }).format(at);

function tick() {
  const screen = document.querySelector("[data-door]");
  const now = Date.now() + ahead;
  screen.querySelector("[data-door-clock]").textContent = hours(now);
  const lines = [...screen.querySelectorAll("[data-from]")];
  const left = lines.filter((line) => Number(line.dataset.until) * 1000 > now);
  const next = Math.min(...left.map((line) => Number(line.dataset.from) * 1000).filter((from) => from > now));
  for (const line of lines) {
    const from = Number(line.dataset.from) * 1000;
    const minutes = Math.ceil((from - now) / 60000);
    line.hidden = !left.includes(line);
    line.classList.toggle("door__line--now", !line.hidden && from <= now);
    line.classList.toggle("door__line--next", from === next);
    const soon = line.querySelector("[data-door-in]");
    soon.hidden = from !== next || minutes > 120;
    soon.textContent = soon.dataset.doorIn.replace("%s", minutes);
  }
  // The first day on which anything is left stands alone.
  const days = [...screen.querySelectorAll("[data-door-day]")];
  const today = days.find((day) => day.querySelector("[data-from]:not([hidden])"));
  for (const day of days) day.hidden = day !== today;
  screen.querySelector("[data-door-empty]").hidden = Boolean(today);
}

function lost(since) {
  const screen = document.querySelector("[data-door]");
  screen.querySelector("[data-door-lost]").hidden = since === null;
  if (since !== null) screen.querySelector("[data-door-since]").textContent = hours(since);
}

async function look() {
  const addresses = first.dataset.door.split(" ");
  const address = addresses[turn % addresses.length];
  try {
    const response = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(10000) });
    if (!response.ok || response.redirected) throw new Error("no screen");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const screen = page.querySelector("[data-door]");
    if (!screen) throw new Error("no screen");
    const date = Date.parse(response.headers.get("Date"));
    if (date) ahead = date - Date.now();
    document.querySelector("[data-door]").replaceWith(document.adoptNode(screen));
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    lastSeen = Date.now() + ahead;
    turn += 1;
    tick();
    lost(null);
  } catch {
    lastSeen ??= Date.now() + ahead;
    tick();
    lost(lastSeen);
  }
  setTimeout(look, Number(first.dataset.pause) * 1000);
}

if (first) {
  lastSeen = Date.now();
  tick();
  setInterval(tick, 1000);
  setTimeout(look, 1000);
}

// Beside moments on the event's clock, say them on the reader's own, where the two differ.
const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

const wall = (moment, zone) => moment.toLocaleString("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
const hour = (moment, zone) => moment.toLocaleTimeString(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const named = (zone) => zone.replaceAll("_", " ");

// One moment, written out with its date and zone.
for (const place of document.querySelectorAll("[data-own-clock]")) {
  const moment = new Date(place.dataset.ownClock);
  if (!device || wall(moment, device) === wall(moment, place.dataset.zone)) continue;
  const time = document.createElement("time");
  time.dateTime = moment.toISOString();
  const day = moment.toLocaleDateString(language, { timeZone: device, dateStyle: "long" });
  time.textContent = `${day}, ${hour(moment, device)}`;
  place.append(place.previousElementSibling ? "" : " · ", time, ", ", named(device));
}

// A list of times: each gets its own below it, and a line on top says whose clock that is.
for (const list of document.querySelectorAll("[data-own-times]")) {
  const zone = list.dataset.ownZone || device;
  const note = list.querySelector("[data-own-note]");
  if (!zone || !note) continue;
  for (const line of list.querySelectorAll("[data-own-line]")) {
    const [start, end = null] = [...line.querySelectorAll("time")].map((time) => new Date(time.dateTime));
    if (wall(start, zone) === wall(start, list.dataset.ownTimes)) continue;
    const date = (at) => start.toLocaleDateString(language, { timeZone: at, weekday: "short" });
    const day = date(zone) === date(list.dataset.ownTimes) ? "" : `${date(zone)} `;
    const own = document.createElement("span");
    own.className = "line__own";
    own.textContent = `${day}${hour(start, zone)}${end ? `–${hour(end, zone)}` : ""}`;
    line.append(own);
    note.hidden = false;
    note.querySelector("[data-own-name]").textContent = named(zone);
  }
}

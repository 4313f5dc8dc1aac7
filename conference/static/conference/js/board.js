// The board: sessions are taken up by pointer or keyboard, moved, stretched, swapped and put down; the server says what stands against it.
import { Grid, HOUR, STEP, USUAL_LENGTH } from "./board-grid.js";
import { Wire } from "./board-wire.js";

const NEAR = 5; // pixels a pointer may tremble before it drags
const EDGE = 48; // pixels from the border of the day where it scrolls by itself
const LINGER = 600; // milliseconds a session is held over another day before that day opens
const wide = matchMedia("(min-width: 64em)"); // below that the board is a list, and a session opens its form
const board = document.querySelector("[data-board]");
const grid = new Grid(board);
const wire = new Wire(board);
const words = Object.fromEntries([...board.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]));
const part = (name) => board.querySelector(`[data-${name}]`);
let held = null; // {item, place, home, origin, day, parent, next, classes, time, how}; without parent on another day than its own
let pressed = null; // where a pointer went down
let dragged = false;
let journey = null; // under way to another day
let aimed = null; // {day, timer}: the day a session is held over

function say(text) {
  part("said").textContent = text;
}

function told(name, item, more = {}) {
  const facts = { title: item?.dataset.title ?? words.undo, ...more };
  return words[name].replace(/\{(\w+)\}/g, (_all, key) => facts[key]);
}

function take(item, how) {
  if (held || journey || wire.underWay) return;
  if (wire.waiting) return say(words.busy);
  const home = grid.placeOf(item);
  const start = grid.start + HOUR;
  const place = home ? { ...home } : { room: grid.rooms()[0].dataset.room, start, end: start + USUAL_LENGTH, isBand: false };
  const time = item.querySelector("[data-time]").textContent;
  held = { item, place, home, origin: place, how, day: grid.day, ...standing(item), time };
  item.classList.add("item--held");
  item.querySelector("button").setAttribute("aria-pressed", "true");
  part("held").hidden = false;
  part("held-words").textContent = item.dataset.title;
  if (how === "keys") say(told("held", item));
  if (!home && how === "keys") move({});
}

const standing = (item) => ({ parent: item.parentElement, next: item.nextElementSibling, classes: item.className });

function move(change) {
  const place = { ...held.place, ...change };
  if (place.start < Math.min(grid.start, held.place.start) || place.start >= Math.max(grid.end, held.place.start + 1)) return;
  held.place = place;
  grid.show(held.item, place);
  if (held.how !== "keys") return;
  held.item.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(told("at", held.item, { time: grid.times(place), room: grid.nameOf(place, words) }));
}

function release() {
  held?.item.classList.remove("item--held");
  held?.item.querySelector("button").removeAttribute("aria-pressed");
  part("held").hidden = true;
  swapping(false);
  part("waiting").removeAttribute("data-over");
  aim(null);
  held = null;
}

// Go to another day with the session in the hand, at the same time and in the same room; gives whether it got there.
async function travel(day) {
  if (journey || wire.underWay || wire.waiting) return false;
  journey = wire.page(wire.addressOf(day)).catch(() => null);
  board.setAttribute("aria-busy", "true");
  const page = await journey;
  journey = null;
  board.removeAttribute("aria-busy");
  if (page) arrive(page);
  else say(told("unreached", held.item));
  part("held").hidden = false;
  return Boolean(page);
}

function arrive(page) {
  const { item } = held;
  const dawn = grid.dawn;
  item.remove();
  wire.apply(page);
  const twin = itemOf(item.dataset.session); // at the side, or on its own day
  Object.assign(held, twin ? standing(twin) : { parent: null });
  if (twin) held.time = twin.querySelector("[data-time]").textContent;
  twin?.remove();
  for (const name of ["place", "origin"]) held[name] = grid.sameTime(held[name], dawn);
  grid.show(item, held.place);
  if (held.how === "keys") {
    item.querySelector("button").focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const name = board.querySelector(`[data-do=day][data-day="${grid.day}"]`)?.textContent ?? "";
  say(told("day", item, { day: name, time: grid.times(held.place), room: grid.nameOf(held.place, words) }));
}

function toDay(step) {
  const days = [...board.querySelectorAll("[data-do=day]")].map((one) => one.dataset.day);
  const day = days[days.indexOf(grid.day) + step];
  if (day) travel(day);
}

async function takeBack() {
  if (!held || journey) return;
  if (!held.parent && !(await travel(held.day))) return;
  const { item, parent, next, classes, time } = held;
  const hadFocus = item.contains(document.activeElement);
  parent.insertBefore(item, next?.parentElement === parent ? next : null);
  item.className = classes;
  item.querySelector("[data-time]").textContent = time;
  say(told("back", item));
  release();
  item.classList.remove("item--pending");
  if (hadFocus) item.querySelector("button").focus({ preventScroll: true });
}

function keep() {
  const { item, place, home } = held;
  if (journey) return;
  if (home && home.room === place.room && home.start === place.start && home.end === place.end) return takeBack();
  const [start, end] = [place.start, place.end].map((seconds) => new Date(seconds * 1000).toISOString());
  return commit({ act: "place", session: item.dataset.session, seen: item.dataset.seen, room: place.room, start, end });
}

function takeOut() {
  if (journey) return;
  if (!held.home) return takeBack();
  return commit({ act: "out", session: held.item.dataset.session, seen: held.item.dataset.seen });
}

function swapWith(other) {
  const { item } = held;
  const names = { session: item.dataset.session, seen: item.dataset.seen, other: other.dataset.session, other_seen: other.dataset.seen };
  return commit({ act: "swap", ...names });
}

function swapping(isOn) {
  const button = board.querySelector("[data-do=swap]");
  button.setAttribute("aria-pressed", String(isOn));
  if (isOn) say(told("swap", held.item));
}

const isSwapping = () => board.querySelector("[data-do=swap]").getAttribute("aria-pressed") === "true";

async function commit(fields) {
  say(words.sending);
  held?.item.classList.add("item--pending");
  answered(fields, await wire.send(fields));
}

async function again() {
  if (!wire.waiting || wire.underWay) return;
  const fields = wire.waiting;
  answered(fields, await wire.again());
}

function answered(fields, answer) {
  const trouble = part("trouble");
  trouble.hidden = !answer.lost;
  if (answer.lost) {
    part("trouble-words").textContent = told(answer.lost, held?.item);
    part("held").hidden = true;
    return say("");
  }
  const hadFocus = board.contains(document.activeElement) || document.activeElement === document.body;
  release();
  const own = answer.status === 200 ? [fields.session, fields.other] : [];
  const others = show(new DOMParser().parseFromString(answer.html, "text/html"), fields.act === "undo" ? null : own);
  if (hadFocus && fields.session) itemOf(fields.session)?.querySelector("button").focus({ preventScroll: true });
  say([answer.said, others].filter(Boolean).join(" "));
}

// Show the newer board; gives the sentence that names what others changed.
function show(page, own) {
  const changed = wire.apply(page);
  const theirs = own === null ? [] : changed.filter(([key]) => !own.includes(key));
  for (const [key] of theirs) itemOf(key)?.classList.add("item--changed");
  return theirs.length ? words.others.replace("{titles}", theirs.map(([, title]) => title).join(", ")) : "";
}

function itemOf(key) {
  return board.querySelector(`[data-session="${key}"]`);
}

async function look() {
  if (document.hidden || held || journey || wire.waiting || wire.underWay) return;
  const page = await wire.page().catch(() => null);
  if (!page || held || journey || wire.waiting || wire.underWay) return;
  const here = document.activeElement.closest?.("[data-session]")?.dataset.session;
  const others = show(page, []);
  if (here) itemOf(here)?.querySelector("button").focus({ preventScroll: true });
  if (others) say(others);
}

board.addEventListener("click", (event) => {
  const doing = event.target.closest("[data-do]")?.dataset.do;
  const button = event.target.closest("[data-session] button");
  if (button && !wide.matches) return;
  if (button) event.preventDefault();
  if (wire.underWay || journey) return;
  if (doing === "retry") return again();
  if (doing === "back") return giveUp();
  if (doing === "day") return void (held && travel(event.target.closest("[data-day]").dataset.day));
  if (doing && held) return { keep, out: takeOut, swap: () => swapping(!isSwapping()) }[doing]();
  if (!button) return;
  if (dragged) return void (dragged = false);
  const item = button.closest("[data-session]");
  if (held && isSwapping() && item !== held.item && grid.placeOf(item)) return swapWith(item);
  if (held?.item === item) return keep();
  if (held && !wire.waiting) takeBack();
  take(item, "keys");
});

function giveUp() {
  wire.forget();
  part("trouble").hidden = true;
  if (held) takeBack();
}

const KEYS = {
  ArrowUp: (place, shift) => (shift ? { end: Math.max(place.end - STEP, place.start + STEP) } : { start: place.start - STEP, end: place.end - STEP }),
  ArrowDown: (place, shift) => (shift ? { end: place.end + STEP } : { start: place.start + STEP, end: place.end + STEP }),
  ArrowLeft: (place) => ({ room: grid.beside(place.room, -1), isBand: false }),
  ArrowRight: (place) => ({ room: grid.beside(place.room, 1), isBand: false }),
  PageUp: (place) => ({ start: place.start - HOUR, end: place.end - HOUR }),
  PageDown: (place) => ({ start: place.start + HOUR, end: place.end + HOUR }),
};

board.addEventListener("keydown", (event) => {
  if (!held || journey || wire.underWay || wire.waiting || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    event.preventDefault();
    return isSwapping() ? swapping(false) : takeBack();
  }
  if (!held.item.contains(event.target)) return;
  const change = KEYS[event.key]?.(held.place, event.shiftKey);
  const acts = { Delete: takeOut, s: () => swapping(true), d: () => toDay(event.shiftKey ? -1 : 1) };
  const doing = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!change && !doing) return;
  event.preventDefault();
  held.how = "keys";
  if (change) move(change);
  else doing();
});

board.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-undo]")) return;
  event.preventDefault();
  if (held) takeBack();
  if (!held && !wire.underWay && !wire.waiting) commit({ act: "undo", step: event.target.elements.step.value });
});

board.addEventListener("pointerdown", (event) => {
  const item = event.target.closest("[data-session]");
  dragged = false;
  if (!item || !wide.matches || event.button !== 0 || journey || wire.underWay || wire.waiting || isSwapping()) return;
  if (event.pointerType === "touch" && held?.item !== item) return; // a finger scrolls until the session is taken up
  pressed = { item, x: event.clientX, y: event.clientY, id: event.pointerId, isEdge: Boolean(event.target.closest("[data-edge]")) };
});

board.addEventListener("pointermove", (event) => {
  if (!pressed || event.pointerId !== pressed.id) return;
  if (!dragged) {
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < NEAR) return;
    if (held && held.item !== pressed.item) takeBack();
    take(pressed.item, "pointer");
    if (held?.item !== pressed.item) return void (pressed = null);
    held.how = "pointer";
    board.setPointerCapture(event.pointerId);
    dragged = true;
    const from = pressed.isEdge ? held.place.end : held.place.start;
    pressed.grip = held.home ? grid.under(pressed.x, pressed.y).moment - from : 0;
  }
  drag(event);
});

function drag(event) {
  if (journey) return;
  const isLeaving = !pressed.isEdge && isOver(part("held"), event);
  aim(isLeaving ? dayUnder(event) : null);
  if (isLeaving) return move(held.origin); // what it passed on the way to another day does not count
  scrollAt(event);
  const under = grid.under(event.clientX, event.clientY);
  const { place } = held;
  if (pressed.isEdge) return move({ end: Math.max(under.moment - pressed.grip, place.start + STEP) });
  part("waiting").toggleAttribute("data-over", isOverWaiting(event));
  if (isOverWaiting(event) || (under.room === null && !held.home)) return;
  const start = under.moment - pressed.grip;
  const room = place.isBand || under.room === null ? place.room : under.room;
  move({ room, start, end: start + place.end - place.start });
}

function isOver(element, event) {
  const box = element.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX < box.right && event.clientY >= box.top && event.clientY < box.bottom;
}

function dayUnder(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-do=day]")?.dataset.day ?? null;
}

// A day a session is held over opens after a moment.
function aim(day) {
  if (day === (aimed?.day ?? null)) return;
  clearTimeout(aimed?.timer);
  aimed = day && { day, timer: setTimeout(() => day !== grid.day && travel(day), LINGER) };
  for (const one of board.querySelectorAll("[data-do=day]")) one.toggleAttribute("data-aimed", one.dataset.day === day);
}

// Dropped on a day, a session goes there at its time and in its room.
async function dropOn(day) {
  clearTimeout(aimed?.timer);
  await journey;
  if (!held || (day !== grid.day && !(await travel(day)))) return;
  keep();
}

function isOverWaiting(event) {
  const box = part("waiting").getBoundingClientRect();
  return event.clientX < box.right && event.clientY > box.top;
}

function scrollAt(event) {
  const day = part("scroll");
  const box = day.getBoundingClientRect();
  const push = (at, low, high) => (at < low + EDGE ? -1 : at > high - EDGE ? 1 : 0) * (EDGE / 4);
  if (event.clientX > box.left) day.scrollBy(push(event.clientX, box.left, box.right), push(event.clientY, box.top, box.bottom));
}

board.addEventListener("pointerup", (event) => {
  if (!pressed || event.pointerId !== pressed.id) return;
  const isDropped = dragged && held;
  const isOverBar = !pressed.isEdge && isOver(part("held"), event);
  pressed = null;
  if (!isDropped) return;
  setTimeout(() => (dragged = false)); // after the click that a drag ends with
  if (aimed) return dropOn(aimed.day);
  if (journey) return; // let go on the way: it stays in the hand
  if (isOverBar) return takeBack();
  if (isOverWaiting(event)) return takeOut();
  if (!held.home && held.item.closest("[data-room]") === null) return takeBack();
  keep();
});

board.addEventListener("pointercancel", () => {
  pressed = null;
  if (dragged && !wire.waiting) takeBack();
  dragged = false;
});

addEventListener("online", again);
document.addEventListener("visibilitychange", look);
addEventListener("focus", look);
board.dataset.live = "";
part("script").hidden = false;

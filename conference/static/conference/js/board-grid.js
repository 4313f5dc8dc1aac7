// The grid of the board: where a session stands in rows of five minutes, and what place lies under the pointer. Times are seconds since 1970.
export const STEP = 300;
export const HOUR = 3600;
export const USUAL_LENGTH = 1800;

export class Grid {
  constructor(board) {
    this.board = board;
    this.clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: board.dataset.zone });
  }

  get element() {
    return this.board.querySelector("[data-part=grid]");
  }

  get day() {
    return this.element.dataset.day;
  }

  get dawn() {
    return Number(this.element.dataset.dawn);
  }

  get start() {
    return Number(this.element.dataset.start);
  }

  get rows() {
    return Number(this.element.dataset.rows);
  }

  get end() {
    return this.start + this.rows * STEP;
  }

  rooms() {
    return [...this.element.querySelectorAll("[data-room]")];
  }

  // The list a session with this room stands in; one across the rooms keeps its own while it has none.
  listOf(room, isBand) {
    if (isBand && room === "") return this.element.querySelector("[data-bands]");
    return this.element.querySelector(`[data-room="${room}"]`);
  }

  // The same time on the clock, of a day that began at another moment; a night whose clocks change is longer or shorter.
  sameTime(place, dawn) {
    const clock = this.at(place.start);
    const plain = place.start - dawn + this.dawn;
    const start = [0, HOUR, -HOUR].map((shift) => plain + shift).find((moment) => this.at(moment) === clock) ?? plain;
    return { ...place, start, end: start + place.end - place.start };
  }

  // A session is where its list is: across the rooms, in a room, or at the side.
  placeOf(item) {
    const list = item.closest("[data-room], [data-bands]");
    if (!list) return null;
    return { room: list.dataset.room ?? "", start: Number(item.dataset.start), end: Number(item.dataset.end), isBand: "bands" in list.dataset };
  }

  // Put a session where it would be, in rows and in words; a place outside the hours shown is held at their edge.
  show(item, place) {
    const list = this.listOf(place.room, place.isBand) ?? this.rooms()[0]; // a day may have no column for what has no room
    const row = Math.min(Math.max(Math.floor((place.start - this.start) / STEP), 0), this.rows - 1);
    const last = Math.min(Math.ceil((place.end - this.start) / STEP), this.rows);
    const others = [...item.classList].filter((name) => !/^(at|for|lane|of)-\d+$/.test(name));
    item.className = [...others, `at-${row + 1}`, `for-${Math.max(last - row, 1)}`, "lane-1", "of-1"].join(" ");
    if (item.parentElement !== list) {
      const hadFocus = item.contains(document.activeElement);
      list.append(item);
      if (hadFocus) item.querySelector("button").focus({ preventScroll: true });
    }
    item.querySelector("[data-time]").textContent = this.times(place);
  }

  times(place) {
    return `${this.at(place.start)}–${this.at(place.end)}`;
  }

  at(seconds) {
    return this.clock.format(new Date(seconds * 1000));
  }

  // What lies under a point: the room and the moment of its row; null beside the rooms.
  under(x, y) {
    const list = this.rooms().find((one) => {
      const box = one.getBoundingClientRect();
      return x >= box.left && x < box.right;
    });
    const box = (list ?? this.rooms()[0]).getBoundingClientRect();
    const axis = this.element.querySelector(".board__hours").getBoundingClientRect();
    const rows = Math.round((y - box.top) / (axis.height / this.rows));
    return { room: list ? list.dataset.room : null, moment: this.start + rows * STEP };
  }

  // The room before or after, as the columns stand; the last one stays the last.
  beside(room, step) {
    const rooms = this.rooms().map((list) => list.dataset.room);
    const here = rooms.indexOf(room);
    return rooms[Math.min(Math.max(here + step, 0), rooms.length - 1)];
  }

  nameOf(place, words) {
    return place.room === "" ? words["no-room"] : this.listOf(place.room).dataset.name;
  }
}

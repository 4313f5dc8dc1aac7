// What the board sends and gets back: one move at a time. A move that does not arrive is kept until it does or is taken back.
const PATIENCE = 15000;

export class Wire {
  constructor(board) {
    this.board = board;
    this.form = board.querySelector("form[data-send]");
    this.waiting = null; // the move that is under way, or was lost
    this.underWay = false;
    addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
  }

  // Send a move. Gives {said, html, status}, or {lost: why} when it did not arrive; then it waits here.
  async send(fields) {
    this.waiting = fields;
    this.underWay = true;
    this.board.setAttribute("aria-busy", "true");
    try {
      return await this.ask(fields);
    } catch {
      return { lost: "lost" };
    } finally {
      this.underWay = false;
      this.board.removeAttribute("aria-busy");
    }
  }

  async ask(fields) {
    const body = new FormData(this.form);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const response = await fetch(this.board.dataset.act, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.redirected) return { lost: "out" };
    if (![200, 409, 422].includes(response.status)) return { lost: response.status === 403 ? "out" : "refused" };
    const answer = await response.json();
    this.waiting = null;
    return { ...answer, status: response.status };
  }

  // Send the lost move again, with the token of the sign-in as it is now.
  async again() {
    const page = await this.page().catch(() => null);
    if (page) this.form.elements.csrfmiddlewaretoken.value = page.querySelector("form[data-send] [name=csrfmiddlewaretoken]").value;
    return this.send(this.waiting);
  }

  forget() {
    this.waiting = null;
  }

  // The page as it would be shown now; null when it is not the board (signed out).
  async page(address = location.href) {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok && page.querySelector("form[data-send]") ? page : null;
  }

  // The address of another day of this board.
  addressOf(day) {
    const address = new URL(location.href);
    address.searchParams.set("day", day);
    address.hash = "";
    return address;
  }

  // Show the parts of a newer board, of the day it is for; gives [key, title] of the sessions that came, went or changed their place here.
  apply(page) {
    const { day } = page.querySelector("[data-part=grid]").dataset;
    const isSameDay = day === this.form.elements.day.value;
    const before = this.marks();
    for (const part of page.querySelectorAll("[data-part]")) {
      const place = this.board.querySelector(`[data-part="${part.dataset.part}"]`);
      Object.assign(place.dataset, part.dataset);
      patch(place, part);
    }
    if (!isSameDay) {
      this.form.elements.day.value = day;
      history.replaceState(null, "", this.addressOf(day));
    }
    const after = this.marks();
    const told = new Map([...before, ...after]);
    return isSameDay ? [...told].filter(([key]) => before.get(key)?.seen !== after.get(key)?.seen).map(([key, { title }]) => [key, title]) : [];
  }

  marks() {
    return new Map([...this.board.querySelectorAll("[data-session]")].map(({ dataset }) => [dataset.session, dataset]));
  }
}

// Put the newer parts in the place of the older, column by column: a day of hundreds of sessions is laid out anew only where it differs.
function patch(place, part) {
  if (place.isEqualNode(part)) return;
  const [own, newer] = [[...place.children], [...part.children]];
  if (part.dataset.part !== "grid" || own.length !== newer.length) return place.replaceChildren(...part.childNodes);
  newer.forEach((child, n) => own[n].isEqualNode(child) || own[n].replaceWith(child));
}

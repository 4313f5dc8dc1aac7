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
  async page() {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok && page.querySelector("form[data-send]") ? page : null;
  }

  // Show the parts of a newer board; gives the sessions whose place is another than the one shown here.
  apply(page) {
    const before = this.marks(this.board);
    for (const part of page.querySelectorAll("[data-part]")) {
      const place = this.board.querySelector(`[data-part="${part.dataset.part}"]`);
      Object.assign(place.dataset, part.dataset);
      place.replaceChildren(...part.childNodes);
    }
    const after = this.marks(this.board);
    return [...after.keys()].filter((key) => before.has(key) && before.get(key) !== after.get(key));
  }

  marks(root) {
    return new Map([...root.querySelectorAll("[data-session]")].map((item) => [item.dataset.session, item.dataset.seen]));
  }
}

// Drag a turn by its handle to another place; the order is that of the list, and is saved with the form.
for (const list of document.querySelectorAll("[data-turns]")) {
  let dragged = null;
  for (const handle of list.querySelectorAll("[data-handle]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      dragged = handle.closest("[data-turn]");
      dragged.classList.add("turn--dragged");
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-turn]");
      if (!over || over === dragged || !list.contains(over)) return;
      const { top, height } = over.getBoundingClientRect();
      if (event.clientY < top + height / 2) over.before(dragged);
      else over.after(dragged);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      handle.addEventListener(end, () => {
        dragged?.classList.remove("turn--dragged");
        dragged = null;
      });
    }
  }
}

// One box in the head of a list ticks all its rows, or none; it is half ticked while some are.
for (const all of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...all.closest("table").querySelectorAll("tbody td.tick input[type=checkbox]")];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  all.closest("label").hidden = false;
  all.closest("th").querySelector("[data-ticks-heading]").hidden = true;
  show();
}

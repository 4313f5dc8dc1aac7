// Arrow keys, Home and End move between the rows of a list; Enter opens the row, as any link does.
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

for (const table of document.querySelectorAll("table[data-rows]")) {
  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = [...table.querySelectorAll("tbody th[scope=row] a")];
    const row = event.target.closest("tbody tr");
    const here = row ? links.findIndex((link) => row.contains(link)) : -1;
    const to = { Home: 0, End: links.length - 1 }[event.key] ?? (event.key in STEPS ? here + STEPS[event.key] : -1);
    if (here < 0 || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  });
}

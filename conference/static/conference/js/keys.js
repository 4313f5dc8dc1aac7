// Single keys for a page one works through: a key follows a link or moves the focus to a button, which Enter then presses.
// Nothing happens while typing, with a modifier, or once switched off (WCAG 2.1.4); the page works without.
const legend = document.querySelector("[data-keys]");
if (legend) legend.hidden = false;

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

if (legend?.dataset.keys === "on") {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
    if (event.key.length !== 1 || typing(event.target)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("a")) target.click();
    else target.focus();
  });
}

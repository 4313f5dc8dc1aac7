// Show the buttons that print the page; without script the reader prints with the browser's own command.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

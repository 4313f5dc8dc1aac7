// A file larger than the server reads is not sent at all: the page says so at once, and keeps what was chosen.
const MEGABYTE = 1048576;

for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  const form = input.closest("form");
  const said = form.querySelector("[data-too-large]");
  const isTooLarge = () => [...input.files].some((file) => file.size > Number(input.dataset.most) * MEGABYTE);
  input.addEventListener("change", () => (said.hidden = !isTooLarge()));
  form.addEventListener("submit", (event) => {
    said.hidden = !isTooLarge();
    if (said.hidden) return;
    event.preventDefault();
    said.setAttribute("role", "alert");
    input.focus();
  });
}

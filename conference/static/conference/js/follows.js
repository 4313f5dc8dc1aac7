// Hides a field until the answer it follows is given. The server decides anyway what counts; without this module a hint says when to answer.
const given = (form, name) =>
  [...form.elements]
    .filter((control) => control.name === name && (!["radio", "checkbox"].includes(control.type) || control.checked))
    .map((control) => control.value);

const show = (form) => {
  const hidden = new Set();
  for (const part of form.querySelectorAll("[data-follows]")) {
    const answers = part.dataset.answers.split(" ");
    const isAsked = !hidden.has(part.dataset.follows) && given(form, part.dataset.follows).some((answer) => answers.includes(answer));
    part.hidden = !isAsked && !part.querySelector("[aria-invalid=true]");
    if (part.hidden) {
      for (const control of part.querySelectorAll("[name]")) hidden.add(control.name);
    }
  }
};

for (const form of document.querySelectorAll("form")) {
  if (form.querySelector("[data-follows]")) {
    form.addEventListener("change", () => show(form));
    show(form);
  }
}

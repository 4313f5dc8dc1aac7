// Copies the words of a chosen reason into the field that is sent, where they can be changed; the choice is then empty again.
for (const choice of document.querySelectorAll("select[data-fills]")) {
  choice.addEventListener("change", () => {
    const words = choice.selectedOptions[0]?.dataset.text;
    const field = choice.form.elements[choice.dataset.fills];
    if (!words || !field) return;
    field.value = [field.value.trim(), words].filter(Boolean).join("\n\n");
    choice.value = "";
    field.focus();
  });
}

// Stars of those who do not sign in: public ids of sessions, kept in this browser alone and sent nowhere.
const KEY = "plenary-stars";

const read = () => {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
};
const keep = (stars) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...stars]));
    return true;
  } catch {
    return false; // storage is full or refused: the button shows what is kept, not what was asked
  }
};
const makeButton = (place, act) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.addEventListener("click", () => act(button));
  place.append(button);
  place.hidden = false;
  return button;
};

const one = document.querySelector("[data-star]");
if (one) {
  const show = (button) => {
    button.textContent = read().has(one.dataset.star) ? one.dataset.starOff : one.dataset.starOn;
  };
  show(
    makeButton(one, (button) => {
      const stars = read();
      if (!stars.delete(one.dataset.star)) stars.add(one.dataset.star);
      keep(stars);
      show(button);
    }),
  );
}

const list = document.querySelector("[data-stars]");
const lines = [...document.querySelectorAll(".agenda .line")];
const starred = lines.filter((line) => read().has(line.dataset.session));
if (list && starred.length) {
  for (const line of starred) {
    const mark = document.createElement("span");
    mark.className = "line__star";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", list.dataset.starsMark);
    mark.textContent = "★ ";
    line.querySelector(".line__title").prepend(mark);
  }
  let only = false;
  const show = (button) => {
    for (const line of lines) line.hidden = only && !starred.includes(line);
    for (const day of document.querySelectorAll(".agenda-day")) day.hidden = only && !day.querySelector(".line:not([hidden])");
    button.textContent = only ? list.dataset.starsAll : list.dataset.starsOnly;
  };
  show(
    makeButton(list, (button) => {
      only = !only;
      show(button);
    }),
  );
}

// Cutting a photo: the picture is dragged under a fixed frame, by pointer or keyboard; the numbers in the form are all that is sent.
const STEP = 0.05; // as in conference/lib/pictures.py
const ZOOM_STEP = 1.15;
const MAX_ZOOM = 4;
const KEYS = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  "+": "nearer",
  "=": "nearer",
  "-": "wider",
};
const within = (value, least, most) => Math.min(Math.max(value, least), most);

function cutOf(frame, picture) {
  const wide = Math.min(picture.naturalWidth, (picture.naturalHeight * 3) / 4) / frame.zoom;
  const high = (wide * 4) / 3;
  const left = within(frame.x * picture.naturalWidth - wide / 2, 0, picture.naturalWidth - wide);
  const top = within(frame.y * picture.naturalHeight - high / 2, 0, picture.naturalHeight - high);
  return { left, top, wide, high };
}

function start(form, picture) {
  const place = form.querySelector("[data-photo-frame]");
  const preview = place.querySelector("img");
  const canvas = document.createElement("canvas");
  canvas.width = 600;
  canvas.height = 800;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", preview.alt);
  canvas.setAttribute("aria-describedby", "photo-help");
  preview.replaceWith(canvas);
  form.ownerDocument.querySelector("[data-photo-help]").hidden = false;
  const field = (name) => form.elements.namedItem(name);
  const frame = { x: Number(field("x").value), y: Number(field("y").value), zoom: Number(field("zoom").value) };

  function draw() {
    const { left, top, wide, high } = cutOf(frame, picture);
    // The middle that is really shown, so that the next step starts from there and not from beyond the edge.
    frame.x = (left + wide / 2) / picture.naturalWidth;
    frame.y = (top + high / 2) / picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, left, top, wide, high, 0, 0, canvas.width, canvas.height);
    for (const name of ["x", "y", "zoom"]) field(name).value = frame[name].toFixed(4);
  }

  function nudge(how) {
    const step = STEP / frame.zoom;
    frame.x += { left: -step, right: step }[how] ?? 0;
    frame.y += { up: -step, down: step }[how] ?? 0;
    frame.zoom = within(frame.zoom * ({ nearer: ZOOM_STEP, wider: 1 / ZOOM_STEP }[how] ?? 1), 1, MAX_ZOOM);
    draw();
  }

  canvas.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    nudge(KEYS[event.key]);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=nudge]");
    if (!button) return;
    event.preventDefault();
    nudge(button.value);
  });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const { wide, high } = cutOf(frame, picture);
    frame.x -= (event.movementX / canvas.clientWidth) * (wide / picture.naturalWidth);
    frame.y -= (event.movementY / canvas.clientHeight) * (high / picture.naturalHeight);
    draw();
  });
  draw();
}

for (const form of document.querySelectorAll("[data-photo-cut]")) {
  const picture = new Image();
  picture.addEventListener("load", () => start(form, picture));
  picture.src = form.dataset.picture;
}

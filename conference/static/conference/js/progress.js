// Follows what the program does for a page: a bar that moves, and the page anew when it has ended. Without script the page reloads itself.
const PAUSE = 1000;

for (const place of document.querySelectorAll("[data-progress]")) setTimeout(follow, PAUSE, place, place.dataset.state);

async function follow(place, state) {
  try {
    const response = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return location.reload();
    const now = await response.json();
    if (now.ended || now.state !== state) return location.reload();
    show(place, now);
  } catch {
    // The connection may come back: ask again.
  }
  setTimeout(follow, PAUSE, place, state);
}

function show(place, now) {
  const bar = place.querySelector("progress");
  if (now.total && now.done < now.total) {
    bar.max = now.total;
    bar.value = now.done;
  } else {
    bar.removeAttribute("value");
  }
  place.querySelector("[data-said]").textContent = now.said;
}

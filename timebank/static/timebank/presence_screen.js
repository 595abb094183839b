// The code on the screen: fetched anew when its half-minute is over, and kept awake.

const screen = document.querySelector("[data-code-url]");
const stale = document.querySelector("[data-code-stale]");
const soonest = 1500;
const retry = 4000;

async function refresh() {
  let wait = retry;
  try {
    const answer = await fetch(screen.dataset.codeUrl, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    screen.innerHTML = await answer.text();
    stale.hidden = true;
    wait = left();
  } catch {
    stale.hidden = false;
  }
  setTimeout(refresh, wait);
}

function left() {
  const seconds = Number(screen.querySelector("[data-seconds]")?.dataset.seconds ?? 30);
  // Often enough that the counts move while people queue.
  return Math.max(soonest, Math.min(seconds * 1000 + 200, 5000));
}

async function stayAwake() {
  try {
    if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen");
  } catch {
    // Some phones refuse while the battery is low; the screen then sleeps as it always does.
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
setTimeout(refresh, left());

// The leader's phone says where the shift meets, once, when asked to.
const point = document.querySelector("[data-point]");
if (point && navigator.geolocation) {
  point.hidden = false;
  point.addEventListener("submit", (event) => {
    if (point.elements.latitude.value) return;
    event.preventDefault();
    const send = () => point.submit();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        point.elements.latitude.value = coords.latitude.toFixed(6);
        point.elements.longitude.value = coords.longitude.toFixed(6);
        send();
      },
      send,
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

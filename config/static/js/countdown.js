// Keeps countdowns fresh. The words come from the page, so that every language has its own;
// what is decided at the deadline is decided by the server.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function words(element, left) {
  const { days, hours, minutes, seconds, over, pattern } = element.dataset;
  if (left <= 0) return over;
  const d = Math.floor(left / day);
  const h = Math.floor((left % day) / hour);
  const m = Math.floor((left % hour) / minute);
  const s = Math.floor((left % minute) / second);
  let text;
  if (d) text = `${d} ${days} ${h} ${hours}`;
  else if (h) text = `${h} ${hours} ${m} ${minutes}`;
  else text = `${m} ${minutes} ${s} ${seconds}`;
  return pattern.replace("{left}", text);
}

function refresh() {
  let soonest = Infinity;
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(element.dataset.countdown) - Date.now();
    const text = words(element, left);
    if (element.textContent !== text) element.textContent = text;
    if (left > 0) soonest = Math.min(soonest, left);
  }
  if (soonest === Infinity) return;
  setTimeout(refresh, soonest < hour ? second : 30 * second);
}

refresh();

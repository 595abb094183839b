// The clock of the hall: present, then answer, one team after the other. It counts on this machine
// and needs no network once it is loaded; with one it learns who is on the stage and what was
// revealed. Space starts and pauses, A goes on to the questions, R begins again, N is the next team.

const body = document.body;
const words = body.dataset;
const at = (name) => document.querySelector(`[data-${name}]`);
const teams = [...document.querySelectorAll("[data-teams] li")].map((one) => one.dataset);
const seconds = { present: Number(words.present) * 60, answer: Number(words.answer) * 60 };
const place = `hall-${words.round}`;
const warn = Number(words.warn);

let shown = Math.max(0, teams.findIndex((one) => one.pk === words.shown));
let phase = "present";
let left = seconds.present;
let running = false;
let before = 0;
let revealed = {};
let rehearses = false; // the clock for a team whose points are known
let sound = null;

// A reload (calling a team to the stage) keeps the clock where it was.
function keep() {
  const pk = teams[shown]?.pk;
  sessionStorage.setItem(place, JSON.stringify({ pk, phase, left, running, at: Date.now() }));
}

function recall() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  if (!kept || kept.pk !== teams[shown]?.pk) return;
  phase = kept.phase;
  running = kept.running;
  left = Math.max(0, kept.left - (running ? (Date.now() - kept.at) / 1000 : 0));
  before = performance.now();
}

function ring(times) {
  if (!sound) return;
  for (let n = 0; n < times; n += 1) {
    const tone = sound.createOscillator();
    tone.frequency.value = 880;
    tone.connect(sound.destination);
    tone.start(sound.currentTime + n * 0.4);
    tone.stop(sound.currentTime + n * 0.4 + 0.25);
  }
}

function show() {
  const team = teams[shown];
  const whole = Math.ceil(left);
  const isOver = left <= 0;
  const isClose = !isOver && running && whole <= warn;
  at("clock").textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  at("phase").textContent = isOver ? words.wordsOver : phase === "present" ? words.wordsPresent : words.wordsAnswer;
  const warning = isClose ? words.wordsWarn : "";
  if (at("warning").textContent !== warning) at("warning").textContent = warning;
  at("toggle").textContent = running ? words.wordsPause : words.wordsStart;
  at("answer-now").hidden = phase === "answer" || seconds.answer === 0;
  body.classList.toggle("screen--warn", isClose);
  body.classList.toggle("screen--over", isOver);
  if (!team) return;
  at("place").textContent = team.position;
  at("title").textContent = team.title;
  at("who").textContent = team.who;
  at("next").textContent = teams[shown + 1] ? `${teams[shown + 1].position}. ${teams[shown + 1].title}` : "—";
  at("forward").disabled = shown + 1 >= teams.length;
  for (const act of document.querySelectorAll("[data-act]")) act.hidden = act.dataset.act !== team.pk;
  showScores(rehearses ? undefined : revealed[team.pk]);
}

function showScores(told) {
  at("scores").hidden = !told;
  at("clock-box").hidden = Boolean(told);
  if (!told || at("score").textContent === told.score) return;
  at("score").textContent = told.score;
  at("points").replaceChildren(...told.points.map((one) => {
    const item = document.createElement("li");
    const points = document.createElement(one.is_dropped ? "s" : "span");
    points.textContent = one.points;
    item.append(points);
    return item;
  }));
}

function tick() {
  if (!running) return;
  const now = performance.now();
  const was = left;
  left = Math.max(0, left - (now - before) / 1000);
  before = now;
  if (was > warn && left <= warn && left > 0) ring(1);
  if (left <= 0) {
    running = false;
    ring(2);
  }
  keep();
  show();
}

function toggle() {
  sound = sound || new AudioContext();
  if (left <= 0 && phase === "present" && seconds.answer) return go("answer", true);
  running = !running && left > 0;
  before = performance.now();
  keep();
  show();
}

function go(next, starts = false) {
  phase = next;
  left = seconds[next];
  running = starts;
  before = performance.now();
  keep();
  show();
}

function again() {
  rehearses = true;
  go("present");
}

function turnTo(index) {
  if (index < 0 || index >= teams.length || index === shown) return;
  shown = index;
  rehearses = false;
  at("score").textContent = "";
  go("present");
}

async function ask() {
  try {
    const answer = await fetch(words.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    revealed = told.revealed;
    at("net").textContent = "";
    const stage = told.stage === null ? "" : String(told.stage);
    if (stage && stage !== words.stage) {
      // Another team was called: its buttons come with the page.
      sessionStorage.removeItem(place);
      location.reload();
      return;
    }
  } catch {
    at("net").textContent = words.wordsOffline;
  }
  show();
}

at("toggle").addEventListener("click", toggle);
at("answer-now").addEventListener("click", () => go("answer", running));
at("reset").addEventListener("click", again);
at("forward").addEventListener("click", () => turnTo(shown + 1));
at("full").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("button, a, input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = { " ": toggle, a: () => go("answer", running), r: again, n: () => turnTo(shown + 1) };
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

recall();
show();
ask();
setInterval(tick, 200);
setInterval(ask, 3000);

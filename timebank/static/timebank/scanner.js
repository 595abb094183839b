// 离线扫码: one page for the leader's phone. Its words stand in the page (data-say-…).

import { prepare, readPhoto, watch } from "./scanner_camera.js";
import { NotSignedIn, Queue, Refused } from "./scanner_queue.js";

const root = document.querySelector("[data-scanner]");
const manifest = JSON.parse(document.getElementById("manifest").textContent);
const queue = new Queue(manifest, root.dataset.scansUrl);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const say = (name, gaps = {}) =>
  Object.entries(gaps).reduce((words, [gap, value]) => words.replace(`{${gap}}`, value), part("words").dataset[name]);
const clock = (instant) =>
  new Date(instant).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const RETRY = 20_000;
const LAST_SHOWN = 40;

const badge = /\/time\/badge\/([0-9a-f]{64})\/?$/;
const verb = () => root.querySelector("[name=verb]:checked").value;
let stop = null;
let lastText = "";

// Scanning ------------------------------------------------------------------------------------

async function scanned(text) {
  if (text === lastText) return; // the camera sees the same badge many times a second
  lastText = text;
  setTimeout(() => {
    lastText = "";
  }, 3000);
  const token = text.match(badge)?.[1];
  if (!token) return told("noBadge", "danger");
  const scan = await queue.add(token, verb());
  if (!scan) return told("again", "waiting");
  navigator.vibrate?.(80);
  const gaps = { name: scan.name || say("unknown"), verb: say(scan.verb), at: clock(scan.device_at) };
  told(scan.name ? "kept" : "keptUnknown", scan.name ? "done" : "waiting", gaps);
  await draw();
  await send();
}

function told(words, tone, gaps) {
  const last = part("last");
  last.textContent = say(words, gaps);
  last.dataset.tone = tone;
  last.hidden = false;
}

async function toggleCamera() {
  if (stop) {
    stop();
    stop = null;
  } else {
    try {
      stop = await watch(part("video"), scanned);
    } catch {
      told("noCamera", "danger");
    }
  }
  part("video").hidden = !stop;
  part("camera").querySelector("span").textContent = say(stop ? "stop" : "start");
}

async function photo(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const text = await readPhoto(file).catch(() => "");
  lastText = "";
  if (text) await scanned(text);
  else told("noCode", "danger");
}

// Sending --------------------------------------------------------------------------------------

async function send() {
  if (!navigator.onLine) return draw();
  try {
    await queue.send();
    part("trouble").hidden = true;
  } catch (trouble) {
    explain(trouble);
  }
  return draw();
}

function explain(trouble) {
  const line = part("trouble");
  if (trouble instanceof NotSignedIn) line.textContent = say("signIn");
  else if (trouble instanceof Refused) line.textContent = trouble.message;
  else return; // no network after all: it is tried again
  line.hidden = false;
}

async function draw() {
  const scans = await queue.scans();
  const waiting = scans.filter((scan) => scan.token).length;
  part("network").textContent = say(navigator.onLine ? "online" : "offline");
  part("network").dataset.tone = navigator.onLine ? "done" : "waiting";
  part("waiting").textContent = waiting ? say("waiting", { count: waiting }) : say("allSent");
  part("send").hidden = !waiting;
  part("conflicts").hidden = !scans.some((scan) => scan.state === "conflict");
  part("list").replaceChildren(...scans.slice(-LAST_SHOWN).reverse().map(row));
}

function row(scan) {
  const line = part("row").content.cloneNode(true);
  const set = (name, words) => {
    line.querySelector(`[data-row="${name}"]`).textContent = words;
  };
  set("name", scan.name || say("unknown"));
  set("when", `${say(scan.verb)} ${clock(scan.device_at)}`);
  set("state", scan.token ? say("inPhone") : scan.words);
  line.querySelector('[data-row="state"]').dataset.tone = scan.token || scan.state === "conflict" ? "waiting" : "done";
  return line;
}

// Working without a network ----------------------------------------------------------------------

async function keepForLater() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register(root.dataset.worker);
  const worker = registration.active ?? (await navigator.serviceWorker.ready).active;
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = loaded.filter((address) => address.startsWith(new URL(root.dataset.static, location.href).href));
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => {
    part("ready").textContent = say(data.kept ? "ready" : "notReady");
    part("ready").dataset.tone = data.kept ? "done" : "waiting";
  };
  worker.postMessage({ keep: [location.pathname, ...new Set(own)] }, [channel.port2]);
}

function chooseVerb() {
  const middle = (Date.parse(manifest.starts_at) + Date.parse(manifest.ends_at)) / 2;
  root.querySelector(`[name=verb][value=${Date.now() < middle ? "arrive" : "leave"}]`).checked = true;
}

async function begin() {
  root.hidden = false;
  chooseVerb();
  part("camera").addEventListener("click", toggleCamera);
  part("photo").addEventListener("change", photo);
  part("send").addEventListener("click", send);
  window.addEventListener("online", send);
  window.addEventListener("offline", draw);
  setInterval(send, RETRY);
  await prepare(root.dataset.reader);
  await queue.tidy();
  await send();
  if (navigator.onLine) await keepForLater();
}

begin();

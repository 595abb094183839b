// Keeps the scanner page and what it needs on this phone, so that it opens without a network.
// It answers for addresses below /time/scanner/ alone, and keeps nothing it was not asked to keep.

const KEPT = "scanner-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data;
  if (keep) event.waitUntil(keepAll(keep).then((kept) => event.ports[0]?.postMessage({ kept })));
  if (forget) event.waitUntil(caches.delete(KEPT));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.location.origin)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : asset(request));
});

async function keepAll(addresses) {
  const cache = await caches.open(KEPT);
  const kept = await Promise.allSettled(addresses.map((address) => cache.add(address)));
  return kept.every((one) => one.status === "fulfilled");
}

// The page comes fresh where there is a network; what it refuses now is not shown later either.
async function page(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request.url, answer.clone());
    else await cache.delete(request.url);
    return answer;
  } catch {
    return (await cache.match(request.url)) ?? Response.error();
  }
}

async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request.url);
  if (!kept) return fetch(request);
  fetch(request).then((answer) => answer.ok && cache.put(request.url, answer), () => {});
  return kept;
}

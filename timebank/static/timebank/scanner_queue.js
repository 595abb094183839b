// The scans on this phone, kept in IndexedDB until the server has them. Nothing here draws.
//
// A scan waits with its badge's address; once it is sent only the badge's hash stays, so that the
// same badge is not taken twice, and that too goes when the list is no longer valid.

const DATABASE = "qicai-scanner";
const SCANS = "scans";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(SCANS, { keyPath: "client_id" }).createIndex("shift", "shift");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(SCANS, mode);
      const request = act(transaction.objectStore(SCANS));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** The hash by which a badge is told on the list; the server makes the same. */
export async function keyOf(shift, token) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${shift}:${token}`));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}

export class Queue {
  constructor(manifest, address) {
    this.manifest = manifest;
    this.address = address;
    this.sending = null;
  }

  /** All scans of this shift by this person, the oldest first. */
  async scans() {
    const all = await within("readonly", (store) => store.index("shift").getAll(this.manifest.shift));
    return all
      .filter((scan) => scan.user === this.manifest.user)
      .sort((one, other) => one.device_at.localeCompare(other.device_at));
  }

  async waiting() {
    return (await this.scans()).filter((scan) => scan.token);
  }

  /** Keep a scan; null where this badge was scanned for the same before. */
  async add(token, verb) {
    const key = await keyOf(this.manifest.shift, token);
    const before = await this.scans();
    if (before.some((scan) => scan.key === key && scan.verb === verb)) return null;
    const scan = {
      client_id: crypto.randomUUID(),
      shift: this.manifest.shift,
      user: this.manifest.user,
      manifest: this.manifest.signed,
      key,
      token,
      verb,
      device_at: new Date().toISOString(),
      name: this.manifest.people[key] ?? "",
    };
    await within("readwrite", (store) => store.add(scan));
    return scan;
  }

  /** Send what waits, and what is scanned meanwhile; one sending at a time. What the server answered
   *  stays with each scan. */
  send() {
    this.sending ??= this.#sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async #sendAll() {
    const tried = new Set();
    for (;;) {
      const waiting = (await this.waiting()).filter((scan) => !tried.has(scan.client_id));
      if (!waiting.length) return;
      for (const scan of waiting) tried.add(scan.client_id);
      await this.#send(waiting);
    }
  }

  async #send(waiting) {
    // Scans go with the list they were made with: it may have been renewed meanwhile.
    for (const manifest of new Set(waiting.map((scan) => scan.manifest))) {
      const scans = waiting.filter((scan) => scan.manifest === manifest);
      const answer = await fetch(this.address, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": cookie("csrftoken"),
        },
        body: JSON.stringify({
          manifest,
          sent_at: new Date().toISOString(),
          scans: scans.map(({ client_id, token, verb, device_at }) => ({ client_id, token, verb, device_at })),
        }),
      });
      if (answer.type === "opaqueredirect") throw new NotSignedIn();
      const told = await answer.json();
      if (!answer.ok) throw new Refused(told.message);
      for (const { client_id, state, words } of told.scans) {
        const scan = scans.find((one) => one.client_id === client_id);
        if (scan) await within("readwrite", (store) => store.put({ ...scan, token: "", state, words }));
      }
    }
  }

  /** Forget what is no longer needed: everything sent, once the list is over. */
  async tidy() {
    if (new Date() < new Date(this.manifest.valid_until)) return;
    for (const scan of await this.scans()) {
      if (!scan.token) await within("readwrite", (store) => store.delete(scan.client_id));
    }
  }
}

export class NotSignedIn extends Error {}
export class Refused extends Error {}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

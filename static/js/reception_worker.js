// Keeps reception's pages readable without a connection: the network first, what was seen last when there is none. It keeps pages,
// scripts and styles; what people enter is kept by outbox.js.
"use strict";
const PAGES = "reception-pages-1", FILES = "reception-files-1";
const MOST_PAGES = 30, PATIENCE = 6000, A_DAY = 24 * 3600 * 1000;
// The same page whatever language or cookie the request names: this cache is one person's.
const LOOSE = { ignoreVary: true };
let home = "/reception/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const known = [PAGES, FILES];
  await Promise.all((await caches.keys()).filter((name) => name.startsWith("reception-") && !known.includes(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

// The page that has just started this worker came before it: it names itself and its files to be kept too.
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data)));
async function keepAll({ staff, page, home: start, files }) {
  home = start;
  const before = await (await (await caches.open(PAGES)).match("/staff"))?.text();
  // Another person at the same tablet: his predecessor's pages are none of his business.
  if (before && before !== staff) await caches.delete(PAGES);
  const pages = await caches.open(PAGES), shelf = await caches.open(FILES);
  await pages.put("/staff", new Response(staff));
  await Promise.all([
    ...[page, home].map(async (url) => { if (!(await pages.match(url, LOOSE))) await keepPage(await fetch(url, { credentials: "same-origin" }), url); }),
    ...files.map(async (url) => { if (!(await shelf.match(url))) await shelf.add(url); }),
  ].map((work) => work.catch(() => {})));
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request) {
  const pages = await caches.open(PAGES);
  const kept = () => pages.match(request, LOOSE).then(async (found) => fresh(found) || fresh(await pages.match(home, LOOSE)));
  const asked = fetch(request).then((answer) => { keepPage(answer.clone(), request.url).catch(() => {}); return answer; });
  asked.catch(() => {}); // told below, or the kept page was quicker
  let timer;
  const late = new Promise((done) => { timer = setTimeout(async () => done(await kept()), PATIENCE); });
  try {
    // A connection that is there and carries nothing is as good as none.
    return (await Promise.race([asked, late])) || (await asked);
  } catch {
    return (await kept()) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}
const fresh = (found) => (found && Date.now() - Number(found.headers.get("X-Kept-At")) < A_DAY ? found : undefined);
async function keepPage(answer, url) {
  if (!answer.ok || answer.redirected || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  const pages = await caches.open(PAGES);
  await pages.put(url, new Response(await answer.blob(), { status: answer.status, headers }));
  const keys = (await pages.keys()).filter((key) => !key.url.endsWith("/staff"));
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PAGES)).map((key) => pages.delete(key)));
}

async function file(request) {
  const shelf = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shelf.put(request, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(request)) || Response.error();
  }
}

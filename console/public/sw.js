/**
 * What a browser keeps of the console while no page of it is open: it shows notices, and opens the page of one. It keeps no page and no
 * answer, so that nothing here is ever older than the VM. What it is sent is written by src/notices/senders/browser.ts.
 */

/**
 * @typedef {{ title: string, text: string, path: string, thread: string, links: { label: string, url: string }[] }} Notice
 * @typedef {Event & { waitUntil(work: Promise<unknown>): void }} Waiting
 * @typedef {Waiting & { data: { json(): Notice } | null }} Pushed
 * @typedef {Waiting & { notification: Notification, action: string }} Clicked
 * @typedef {{ url: string, focus(): Promise<unknown>, navigate(url: string): Promise<unknown> }} Page
 * @typedef {{ matchAll(options: object): Promise<Page[]>, openWindow(url: string): Promise<unknown> }} Pages
 */

const { registration, clients } = /** @type {{ registration: ServiceWorkerRegistration, clients: Pages }} */ (
  /** @type {unknown} */ (globalThis)
);

/** Shows one; a browser takes the subscription away from who is sent something and shows nothing. */
const show = (/** @type {Notice} */ { title, text, path, thread, links }) => {
  const options = {
    body: text,
    icon: '/icon-192.png',
    // What belongs together stands in one place, and rings again.
    tag: thread,
    renotify: true,
    actions: links.map(({ label }, at) => ({ action: String(at), title: label })),
    data: { path, links },
  };
  return registration.showNotification(title, options);
};

addEventListener('push', (event) => {
  const { data, waitUntil } = /** @type {Pushed} */ (event);
  if (data !== null) waitUntil.call(event, show(data.json()));
});

addEventListener('notificationclick', (event) => {
  const { notification, action, waitUntil } = /** @type {Clicked} */ (event);
  notification.close();
  const { path, links } = /** @type {Notice} */ (notification.data);
  // Where it is about a call that waits, that is what a tap is for, as phones show no buttons.
  const url = links[Number(action === '' ? 0 : action)]?.url ?? path;
  waitUntil.call(event, open(new URL(url, location.origin)));
});

/** A page that is open goes there, but for a link that decides: that one has a page of its own. */
async function open(/** @type {URL} */ url) {
  const pages = await clients.matchAll({ type: 'window' });
  const page = url.hash.startsWith('#decide_') ? undefined : pages[0];
  if (page === undefined) return await clients.openWindow(url.href);
  await page.navigate(url.href);
  return await page.focus();
}

/** Looks for texts of a page that went past the catalogs: a catalog whose every message is bracketed shows them. */
import type { Page, Response } from 'playwright-core';
import german from '../../../console/words/de.json' with { type: 'json' };

const bracketed = Object.fromEntries(
  Object.entries(german).map(([message, words]) => [message, `⟦${words}⟧`]),
);

/** What came from the VM is data, and may stand as it is. */
type Told = { texts: string };

/** Has the page speak in brackets from its next load on, and keeps what the VM tells it. */
export async function speakInBrackets(page: Page): Promise<Told> {
  const told: Told = { texts: '' };
  await page.route(/\/de-[\w-]+\.json$/, (route) => route.fulfill({ json: bracketed }));
  page.on('response', async (response) => {
    if (!response.url().includes('/api/v1/') || response.url().includes('/news')) return;
    const text = await response.text().catch(() => readAgain(page, response));
    told.texts += text.replace(/\\[nrt]/g, ' ').replaceAll('\\"', '"');
  });
  return told;
}

/** A stream that the page closed at its last event has no text any more; of one that goes on, and of a page that is gone, there is none. */
const readAgain = async (page: Page, response: Response): Promise<string> =>
  response.request().method() === 'GET'
    ? await page.request
        .get(response.url(), { timeout: 5000 })
        .then((again) => again.text())
        .catch(() => '')
    : '';

/**
 * Texts, and strings in attributes that are shown or read out, which are neither in brackets nor were told by the VM. What is found is
 * looked for again for a while: the page may still be loading, and what it was told is read behind it.
 */
export async function settledLeftOver(page: Page, told: Told): Promise<string[]> {
  let left = await leftOver(page, told);
  for (let look = 0; left.length > 0 && look < 40; look++) {
    await page.waitForTimeout(250);
    left = await leftOver(page, told);
  }
  return left;
}

async function leftOver(page: Page, told: Told): Promise<string[]> {
  const shown = await page.evaluate<string[]>(unbracketed);
  const isTold = (text: string) =>
    told.texts.includes(text.slice(0, 40)) || text.split(', ').every((part) => told.texts.includes(part));
  const bare = shown
    .map((text) => text.replaceAll(times, '').trim())
    .filter((text) => /\p{L}{2}/u.test(text));
  return [...new Set(bare)].filter((text) => !known.test(text) && !isTold(text));
}

/** Days and times as the browser writes them: `Mo., 23. Nov.`, `Sonntag, 29. November 2026 um 11:02:11 GMT-9`, `11:02`. */
const times =
  /\p{L}+\.?, \d{1,2}\. \p{L}+\.?( \d{4})?( um [\d:]+ (GMT|UTC)([+-][\d:]+)?)?|\b\d{1,2}\. \p{L}+\.?( \d{4})?|\b\d\d:\d\d(:\d\d)?/gu;

/** Names, keys, units and figures, which are the same in every language. */
const known =
  /^(Alfred|Ctrl K|[A-Z]{3}|English|Deutsch|[\d.,:<≈–−+-]+ ?(ms|s|min|h|B|kB|MB|\$|€)?( \d+ (s|min))?|.*· Alfred|[\w+-]+\/[\w/+ -]+)$/u;

/** In the page: each text with what stands in brackets taken out, where two letters are left. Times are the browser's own words. */
const unbracketed = `(() => {
  const left = [];
  const keep = (text) => { if (/\\p{L}{2}/u.test(text)) left.push(text.replace(/\\s+/g, ' ').trim().replace(/^[·,:\\s]+|[·,:\\s]+$/g, '')); };
  let depth = 0;
  const outside = (text) => [...text].filter((letter) => {
    if (letter === '⟦') depth++;
    else if (letter === '⟧') depth--;
    else return depth === 0;
    return false;
  }).join('');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = outside(node.data);
    if (!node.parentElement.closest('script, style, noscript, time, code, pre, datalist, [data-time]')) keep(text);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      depth = 0;
      if (element.tagName !== 'TIME') keep(outside(element.getAttribute(name) ?? ''));
    }
  return left;
})()`;

/** A real Chromium, from an npm package: nothing is downloaded at install. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * In place of the package's own switches, which are for a function in a cloud: they have every page drawn by a GPU made
 * of software, at twice the processor time of everything else, and take the same-origin policy away.
 */
const switches = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'];

export async function openBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: switches,
    headless: true,
  });
}

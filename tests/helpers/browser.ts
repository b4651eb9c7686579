/** A real Chromium, from an npm package: nothing is downloaded at install. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** The package's own switches are for a function in a cloud; one process for everything dies with its first page. */
const unwanted = /^--(headless|single-process|no-zygote)/;

export async function openBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((arg) => !unwanted.test(arg)),
    headless: true,
  });
}

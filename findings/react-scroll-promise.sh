#!/usr/bin/env bash
# react-dom 19.3.1 in Chromium 153 (@sparticuz/chromium 153.0.0): `useEffect(() => element.scrollIntoView())`, a common line, breaks
# the page when it is left. There the method returns a promise, where it returned nothing before, React takes what an effect
# returns for its clean-up, and calls it. A body in braces returns nothing.
. "$(dirname "$0")/lib.sh"
install react@19.3.1 react-dom@19.3.1 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1
cat > page.mjs <<'JS'
import { createElement as h, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
function Item({ inBraces }) {
  const ref = useRef(null);
  useEffect(inBraces ? () => { ref.current.scrollIntoView(); } : () => ref.current.scrollIntoView());
  return h('p', { ref }, 'here');
}
window.leave = async (inBraces) => {
  const said = [];
  const root = createRoot(document.body.appendChild(document.createElement('div')), {
    onUncaughtError: (error) => said.push(error.constructor.name),
  });
  let hide;
  const Page = () => {
    const [shown, setShown] = useState(true);
    hide = () => setShown(false);
    return shown ? h(Item, { inBraces }) : null;
  };
  flushSync(() => root.render(h(Page)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  flushSync(hide);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return said;
};
JS
node_modules/@esbuild/linux-x64/bin/esbuild page.mjs --bundle --format=iife --outfile=page.js --log-level=error --define:process.env.NODE_ENV='"production"'
run browser.mjs <<'JS'
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
const browser = await playwright.launch({ args: chromium.args, executablePath: await chromium.executablePath() });
const page = await browser.newPage();
await page.setContent('<body></body>');
await page.addScriptTag({ path: 'page.js' });
console.log(`returned: ${await page.evaluate(() => Object.prototype.toString.call(document.body.scrollIntoView()))}`);
console.log(`() => element.scrollIntoView(): ${JSON.stringify(await page.evaluate(() => window.leave(false)))}`);
console.log(`() => { element.scrollIntoView(); }: ${JSON.stringify(await page.evaluate(() => window.leave(true)))}`);
await browser.close();
JS
sees <<'SEEN'
returned: [object Promise]
() => element.scrollIntoView(): ["TypeError"]
() => { element.scrollIntoView(); }: []
SEEN

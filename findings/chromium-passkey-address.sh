#!/usr/bin/env bash
# Chromium (@sparticuz/chromium 153.0.0 by playwright-core 1.65.1): at http://127.0.0.1 all that a page can ask says that there are
# passkeys (a secure context, PublicKeyCredential, a platform authenticator that knows its user), and each one is refused with a
# SecurityError, as an IP address is no host name that a passkey could be for. At http://localhost the same page makes one; and
# a page at another port of it, of another program, is given a signature of that very passkey.
. "$(dirname "$0")/lib.sh"
install @sparticuz/chromium@153.0.0 playwright-core@1.65.1
mkdir tmp
export TMPDIR=$folder/tmp
run browser.mjs <<'JS'
import { createServer } from 'node:http';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
const pages = [1, 2].map(() => createServer((request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>')));
const ports = await Promise.all(pages.map((page) => new Promise((resolve) => page.listen(0, () => resolve(page.address().port)))));
const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'], headless: true });
const page = await browser.newPage();
const device = await page.context().newCDPSession(page);
await device.send('WebAuthn.enable');
await device.send('WebAuthn.addVirtualAuthenticator', {
  options: {
    ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
    ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  },
});
const what = () =>
  page.evaluate(async () => [isSecureContext, typeof PublicKeyCredential, await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()].join(' '));
const make = () =>
  page.evaluate(async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const publicKey = {
      rp: { name: 'a page' },
      user: { id: bytes, name: 'somebody', displayName: 'Somebody' },
      challenge: bytes,
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    };
    return await navigator.credentials.create({ publicKey }).then(() => 'made', ({ name }) => name);
  });
await page.goto(`http://127.0.0.1:${ports[0]}`);
console.log(`127.0.0.1: ${await what()}: ${await make()}`);
await page.goto(`http://localhost:${ports[0]}`);
console.log(`localhost: ${await what()}: ${await make()}`);
await page.goto(`http://localhost:${ports[1]}`);
const origin = await page.evaluate(async () => {
  const publicKey = { challenge: crypto.getRandomValues(new Uint8Array(32)), userVerification: 'required' };
  const { response } = await navigator.credentials.get({ publicKey });
  return JSON.parse(new TextDecoder().decode(response.clientDataJSON)).origin;
});
console.log(`localhost, another port: signed for ${origin === `http://localhost:${ports[1]}` ? 'that port' : origin}`);
await browser.close();
for (const each of pages) each.close();
JS
sees <<'SEEN'
127.0.0.1: true function true: SecurityError
localhost: true function true: made
localhost, another port: signed for that port
SEEN

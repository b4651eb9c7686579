/**
 * Pictures of every screen of the console of a running VM: wide and light, wide and dark, on a phone.
 * `node scripts/screenshots.ts ADDRESS FOLDER`, with the home's ALFRED_HOME.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openBrowser } from '../tests/helpers/browser.ts';

const [address = 'http://127.0.0.1:4280', folder = 'screenshots'] = process.argv.slice(2);
const home = process.env.ALFRED_HOME ?? path.join(process.env.HOME ?? '', '.alfred');
const token = (await readFile(path.join(home, 'cli-token'), 'utf8')).trim();
const api = async (method: string, url: string) => {
  const answer = await fetch(`${address}${url}`, { method, headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as { items: { id: string; name: string; slug: string }[]; url: string };
};

const [latest] = (await api('GET', '/api/v1/executions?limit=1')).items;
const [replay] = (await api('GET', '/api/v1/executions?limit=1&mode=replay')).items;
const screens = {
  home: '/',
  executions: '/executions',
  ...(latest ? { execution: `/executions/${latest.id}` } : {}),
  ...(replay ? { comparison: `/executions/${replay.id}/comparison` } : {}),
  skills: '/skills',
  calendar: '/calendar',
  'skill-new': '/skills/new',
  skill: '/skills/house-report',
  'skill-edit': '/skills/house-report/edit',
  'skill-write': '/skills/write',
  connections: '/connections',
  connection: '/connections/memory',
  'connection-add': '/connections/add',
  vault: '/vault',
  core: '/core',
  chat: '/chat',
  settings: '/settings',
};
const looks = {
  'wide-light': { viewport: { width: 1360, height: 860 }, colorScheme: 'light' },
  'wide-dark': { viewport: { width: 1360, height: 860 }, colorScheme: 'dark' },
  phone: {
    viewport: { width: 390, height: 844 },
    colorScheme: 'light',
    isMobile: true,
    deviceScaleFactor: 2,
  },
} as const;

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${look}: ${message.text()}`);
    });
    await page.goto(address);
    await page.waitForSelector('h1');
    await page.screenshot({ path: path.join(folder, `sign-in.${look}.png`) });
    await page.goto((await api('POST', '/api/v1/session/links')).url);
    await page.waitForSelector('nav:visible');
    for (const [name, url] of Object.entries(screens)) {
      await page.goto(`${address}${url}`);
      await page.waitForSelector('main h1');
      await page.waitForTimeout(700);
      await page.screenshot({
        path: path.join(folder, `${name}.${look}.png`),
        fullPage: name !== 'settings',
      });
    }
    await context.close();
  }
} finally {
  await browser.close();
}

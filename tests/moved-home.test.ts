/** A home that was moved: what it names of itself is where it is now (faults R10), the demonstration's papers first of all. */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeHome, startTestVm, type TestVm } from './helpers/vm.ts';

let vm: TestVm | undefined;
const homes: string[] = [];
afterAll(async () => {
  await vm?.stop({ keepHome: true });
  for (const home of homes) await rm(home, { recursive: true, force: true });
});

type Config = { args: string[]; env: Record<string, { plain: string }> };

/** What its connection to the papers reads. */
async function calendarOf(of: TestVm): Promise<string> {
  const { status, body } = await of.api('POST', '/api/v1/connections/files/tools/read_text_file', {
    arguments: { path: 'calendar.md' },
  });
  return `${status} ${JSON.stringify(body)}`;
}

it('goes on with its demonstration in the new place, and names the old one nowhere', async () => {
  const former = await makeHome();
  const home = `${former}-moved`;
  homes.push(former, home);
  vm = await startTestVm({ home: former });
  expect(await calendarOf(vm)).toMatch(/^200 /);
  await vm.stop({ keepHome: true });
  await rename(former, home);
  await writeFile(path.join(home, 'samples/house/calendar.md'), 'Read in the new place.\n');

  vm = await startTestVm({ home });
  expect(await calendarOf(vm)).toMatch(/^200 .*Read in the new place\./);
  for (const name of ['files', 'memory']) {
    const { body } = await vm.api('GET', `/api/v1/connections/${name}`);
    const { config, status } = body as { config: Config; status: string };
    expect(status).toBe('ready');
    expect(JSON.stringify(config)).not.toContain(former);
    expect(JSON.stringify([config.args, config.env])).toMatch(/\$\{ALFRED_HOME\}\/samples/);
  }
  const ran = await vm.cli(['skill', 'run', 'house-report', '--rehearse', '--json']);
  expect(ran.stderr).toBe('');
  expect(ran.json()).toMatchObject({ status: 'succeeded' });
  expect(ran.stdout).toContain('Read in the new place.');
  // Nothing was made anew where it was.
  expect(existsSync(former)).toBe(false);
  const { path: noted } = JSON.parse(await readFile(path.join(home, 'place.json'), 'utf8')) as {
    path: string;
  };
  expect(noted).toBe(home);
});

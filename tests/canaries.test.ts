/**
 * The sweep: a text of its own in every place where a secret, or something private, can enter (canaries/secrets.ts, private-texts.ts);
 * then everything that a VM does, and what goes wrong with it; then a search of all that it wrote and sent, in every form.
 * Core's own secrets: tests/core/canaries.test.ts.
 */
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addSkill, chat, hook, letPeopleIn, letProgramIn, run, teach } from './canaries/features.ts';
import {
  ask,
  cli,
  closeGround,
  core,
  enrolmentToken,
  given,
  home,
  logs,
  must,
  openGround,
  outsiders,
  place,
  proxy,
  startVm,
  vm,
} from './canaries/ground.ts';
import { places } from './canaries/places.ts';
import { settled, writeEverywhere } from './canaries/private-texts.ts';
import { inProcesses, lookAtProcesses, searchEverywhere } from './canaries/search.ts';
import { mark, type PlaceName, secrets } from './canaries/secrets.ts';
import { findIn, formsOf } from './helpers/canary-forms.ts';
import { until } from './helpers/mcp/stdio-link.ts';
import { processesOf } from './helpers/vm.ts';

beforeAll(async () => {
  await openGround();
  for (const [name, enter] of Object.entries(places)) await enter(secrets[name as PlaceName]);
}, 600_000);
afterAll(closeGround);

const statusOf = async (id: string) => (await must(vm.api('GET', `/api/v1/executions/${id}`))).status ?? '';

it('runs every feature, well and badly', async () => {
  await addSkill('succeed', [
    ...['mcp__everything__get-env', 'mcp__imported__environment', 'mcp__remote__echo'],
    ...['shop', 'by-token', 'by-password', 'by-header', 'by-query'].map((name) => `mcp__${name}__listItems`),
  ]);
  await addSkill('fail', []);
  await addSkill('hang', ['mcp__imported__sleep']);
  await ask('POST', '/api/v1/core/link', { url: proxy.url, enrollmentToken: enrolmentToken });

  const done = await run('succeed');
  expect(await settled(done)).toBe('succeeded');
  const { executionId = '' } = await ask('POST', `/api/v1/executions/${done}/replay`, {});
  expect(await settled(executionId)).toBe('succeeded');
  await ask('GET', `/api/v1/executions/${executionId}/comparison`);
  await teach(done);
  await writeEverywhere(done);
  expect(await settled(await run('fail'))).toBe('failed');

  await letPeopleIn();
  await letProgramIn();

  const cancelled = await run('hang');
  await until(() => processesOf(home).some((line) => line.includes('hostile-server')));
  await until(async () => (await statusOf(cancelled)) === 'running');
  lookAtProcesses();
  await ask('POST', `/api/v1/executions/${cancelled}/cancel`);
  expect(await settled(cancelled)).toBe('cancelled');

  await chat();
  await hook();
  const interrupted = await run('hang');
  await until(async () => (await statusOf(interrupted)) === 'running');
  lookAtProcesses();
  logs.push(vm.stderr());
  vm.process.kill('SIGKILL');
  await until(() => vm.process.signalCode !== null);
  await startVm();
  await ask('POST', `/api/v1/executions/${interrupted}/cancel`);
  await settled(interrupted);
}, 600_000);

it('tells everybody, also those that take nothing', async () => {
  for (const kind of ['webhook', 'browser', 'email', 'ntfy', 'telegram', 'slack', 'discord'])
    await ask('POST', `/api/v1/notice-channels/${kind}/test`, {});
  for (const { requests } of Object.values(outsiders.by)) await until(() => requests.length > 1);
  await until(async () => (await outsiders.push.pushed()).length > 1);
  await until(() => outsiders.collector.requests.length > 0);
  await ask('GET', '/api/v1/notice-channels');
  await ask('GET', '/api/v1/doctor');
}, 600_000);

it('changes keys, backs up and restores', async () => {
  const file = path.join(place, 'the.age');
  const input = `${secrets['the passphrase of a backup']}\n`;
  const keyFile = path.join(place, 'root-key');
  await cli(['backup', 'create', '--to', file, '--passphrase-stdin'], { input });
  await cli(['backup', 'verify', file, '--passphrase-stdin', '--key-file', keyFile], { input });
  await cli(['key', 'rotate', '--json']);
  await cli(['key', 'rotate', '--root', '--json']);
  await cli(['key', 'rotate', '--audit', '--json']);
  await cli(['backup', 'create', '--to', path.join(place, 'second.age'), '--passphrase-stdin'], { input });
  const at = path.join(place, 'other-home');
  await cli(['backup', 'restore', file, '--passphrase-stdin', '--key-file', keyFile, '--yes'], { input, at });
  for (const args of [
    ['secret', 'list'],
    ['config', 'list'],
    ['connection', 'list'],
    ['connection', 'export'],
    ['notice', 'list'],
    ['audit', 'verify'],
  ])
    await cli([...args, '--json']);
  await ask('POST', '/api/v1/core/report', {});
  expect(await core.db.prisma.metricReport.count()).toBeGreaterThan(0);
}, 600_000);

it('is found nowhere', async () => {
  expect(inProcesses).toEqual([]);
  expect(given).not.toContain('not given');
  expect(new Set(given).size).toBe(10);
  expect(await searchEverywhere()).toEqual([]);
}, 600_000);

it('would be found, were it there', () => {
  for (const [form, bytes] of formsOf(mark)) {
    const [first] = findIn(Buffer.concat([Buffer.from('\u0000before '), bytes, Buffer.from(' behind')]), [
      mark,
    ]);
    expect(first?.text, form).toBe(mark);
  }
});

/** A whole VM is backed up while it works, and comes back in another home by its command line alone. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { auditVerificationSchema } from '../src/contract/audit.ts';
import { createdTokenSchema } from '../src/contract/tokens.ts';
import { killOnce } from './helpers/kill-once.ts';
import { startTestStore, testStoreKey } from './helpers/s3-store.ts';
import {
  expectNothingLeft,
  makeHome,
  makePreparedHome,
  runCli,
  startTestVm,
  type TestVm,
} from './helpers/vm.ts';

const passphrase = 'correct horse battery staple';
const secret = 'sk-canary-5b0e7ac41d9f4e22';

let place: string;
let home: string;
let vm: TestVm;
let file: string;
let words: string;
/** A token that is good when the backup is made. */
let phone: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'alfred-backup-'));
  home = await makePreparedHome();
  vm = await startTestVm({ home });
  file = path.join(place, 'the.age');
  words = path.join(place, 'words.txt');
}, 600_000);
afterAll(async () => {
  await vm.stop({ keepHome: true });
  for (const folder of [place, home]) await rm(folder, { recursive: true, force: true });
});

const executionsSchema = z.object({ items: z.array(z.object({ id: z.string(), skillSlug: z.string() })) });
const executionsOf = async (of: TestVm) =>
  executionsSchema.parse((await of.api('GET', '/api/v1/executions')).body).items.map(({ id }) => id);

const phoneAt = async (of: TestVm) =>
  (await fetch(new URL('/api/v1/executions', of.url), { headers: { authorization: `Bearer ${phone}` } }))
    .status;

/** A delivery that its sender makes once more: the same body, which the hook is told by. */
const deliver = async (of: TestVm) =>
  fetch(new URL('/hooks/on-order', of.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"id": 7}',
  });

const withPassphrase = (args: string[], at: string) =>
  runCli(at, ['backup', ...args, '--passphrase-stdin'], { input: `${passphrase}\n` });

it('is backed up while it works', async () => {
  await vm.api('PUT', '/api/v1/config/anthropic_api_key', { value: secret });
  await vm.api('PUT', '/api/v1/config/model', { value: 'rehearsal' });
  const made = await vm.api('POST', '/api/v1/skills', {
    ...{ slug: 'on-order', name: 'Orders', steps: [{ id: 1, prompt: 'File it.' }] },
    ...{ triggerType: 'webhook', triggerConfig: { auth: 'none', dedupeBy: '/id' } },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  expect((await deliver(vm)).status).toBeLessThan(300);
  const run = await vm.cli(['skill', 'run', 'house-report', '--rehearse', '--json']);
  expect(run.code, run.stderr).toBe(0);
  const said = await vm.cli(['chat', 'Good morning', '--json']);
  expect(said.code, said.stderr).toBe(0);
  const token = await vm.api('POST', '/api/v1/tokens', { name: 'phone', scopes: ['read'] });
  phone = createdTokenSchema.parse(token.body).token;
  const shown = await vm.cli(['key', 'show-recovery', '--yes-print', '--json']);
  await writeFile(
    words,
    z
      .object({ words: z.array(z.string()) })
      .parse(shown.json())
      .words.join(' '),
  );

  const { code, stdout, stderr } = await withPassphrase(['create', '--to', file], home);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^✓ .*the\.age, \d+ KB: the database and \d+ files, \d+ KB before compression\n$/);
  expect(stderr).toMatch(/which is not in it: alfred key show-recovery/);
  expect((await readFile(file)).includes(secret)).toBe(false);
  const audit = await vm.cli(['audit', 'list', '--action', 'backup.created', '--json']);
  expect(audit.json()).toMatchObject({
    items: [{ actor: 'owner', data: { file: 'the.age', withKey: false } }],
  });
}, 600_000);

it('is looked at while it works, and says what is wrong in plain words', async () => {
  const seen = await withPassphrase(['verify', file], home);
  expect(seen.code, seen.stderr).toBe(0);
  expect(seen.stdout).toMatch(
    /can be restored\n.*3 executions among them.*\n.*every one opens\n.*as it was written/,
  );
  const wrong = await runCli(home, ['backup', 'verify', file, '--passphrase-stdin'], {
    input: 'another one, this',
  });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/does not open with this passphrase. \(E_BACKUP\)\n {2}hint: /);
  const running = await withPassphrase(['restore', file, '--yes'], home);
  expect(running.code).toBe(1);
  expect(running.stderr).toMatch(/already running/);
}, 600_000);

it('comes back in another home: its runs, its secrets, its record, and what it has seen', async () => {
  const other = await makeHome();
  const keyless = await withPassphrase(['restore', file], other);
  expect(keyless.stderr).toMatch(/E_KEY_MISSING\)\s+hint: name a file/);
  const restored = await withPassphrase(['restore', file, '--key-file', words], other);
  expect(restored.code, restored.stderr).toBe(0);
  expect(restored.stdout).toMatch(
    /is as the backup of .* has it\n {2}3 executions; \d secrets, and every one opens/,
  );
  expect(restored.stdout).toMatch(/Ended, as what you took away since would be good again: token phone\./);
  await expectNothingLeft(other);

  const before = await executionsOf(vm);
  const again = await startTestVm({ home: other });
  try {
    expect(await executionsOf(again)).toEqual(before);
    expect(await phoneAt(again)).toBe(401);
    // The delivery is known: nothing is started a second time.
    expect((await deliver(again)).status).toBeLessThan(300);
    expect(await executionsOf(again)).toEqual(before);
    const { code, stdout } = await again.cli(['audit', 'verify', '--json']);
    expect(auditVerificationSchema.parse(JSON.parse(stdout))).toMatchObject({
      ok: true,
      warnings: [],
      epoch: 1,
    });
    expect(code).toBe(0);
    expect((await again.cli(['chat', '--list'])).stdout).toContain('Good morning');
    const listed = await again.cli(['config', 'list', '--json']);
    expect(listed.stdout).toContain('anthropic_api_key');
    expect(listed.stdout).not.toContain('unreadable');
    const run = await again.cli(['skill', 'run', 'house-report', '--rehearse', '--json']);
    expect(run.code, run.stderr).toBe(0);
  } finally {
    await again.stop();
  }
}, 900_000);

it('goes for the keys and to the store that are set, and comes back from there', async () => {
  const store = await startTestStore('kept');
  const other = await makeHome();
  try {
    const identity = await generateX25519Identity();
    const identityFile = path.join(place, 'key.txt');
    await writeFile(identityFile, `${identity}\n`);
    const wanted = {
      backup_recipients: await identityToRecipient(identity),
      backup_to: 's3://kept/alfred',
      backup_s3_endpoint: store.endpoint,
      backup_s3_region: testStoreKey.region,
      backup_s3_key_id: testStoreKey.keyId,
      backup_s3_secret_key: testStoreKey.secretKey,
    };
    for (const [key, value] of Object.entries(wanted)) {
      const put = await vm.api('PUT', `/api/v1/config/${key}`, { value });
      expect(put.status, JSON.stringify(put.body)).toBe(200);
    }
    const made = await runCli(home, ['backup', 'create', '--json']);
    expect(made.code, made.stderr).toBe(0);
    const { file: there } = z.object({ file: z.string() }).parse(made.json());
    expect(there).toMatch(/^s3:\/\/kept\/alfred\/alfred-.*\.age$/);
    expect([...store.objects.keys()]).toEqual([there.slice('s3://kept/'.length)]);
    const listed = await runCli(home, ['backup', 'list', '--json']);
    expect(listed.json()).toMatchObject({ items: [{ file: there }] });
    const verify = () => runCli(home, ['backup', 'verify', there, '--identity', identityFile]);
    const seen = await verify();
    expect(seen.code, seen.stderr).toBe(0);
    expect(seen.stdout).toMatch(/every one opens/);

    // Another machine knows the store from its environment.
    const env = {
      AWS_ENDPOINT_URL_S3: store.endpoint,
      AWS_REGION: testStoreKey.region,
      AWS_ACCESS_KEY_ID: testStoreKey.keyId,
      AWS_SECRET_ACCESS_KEY: testStoreKey.secretKey,
    };
    const restore = ['backup', 'restore', there, '--identity', identityFile, '--key-file', words];
    const unknown = await runCli(other, restore);
    expect(unknown.stderr).toMatch(
      /Which key opens the store is not known here.*\n {2}hint: set AWS_ACCESS_KEY_ID/,
    );
    const restored = await runCli(other, restore, { env });
    expect(restored.code, restored.stderr).toBe(0);
    expect(restored.stdout).toMatch(/every one opens/);

    const [[key = '', bytes = Buffer.alloc(0)] = []] = store.objects;
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    store.objects.set(key, bytes);
    const hurt = await verify();
    expect(hurt.code).toBe(1);
    expect(hurt.stderr).toMatch(/is damaged or cut off.*\s+\(E_BACKUP\)/);
  } finally {
    await store.close();
    await rm(other, { recursive: true, force: true });
  }
}, 900_000);

it('survives kill -9 in the middle of a restore, and of a backup', async () => {
  await vm.stop({ keepHome: true });
  const begun = (folder: string) =>
    readdir(folder).then((names) => names.some((each) => each.startsWith('restoring-')));
  const restore = ['backup', 'restore', file, '--passphrase-stdin', '--key-file', words, '--yes'];
  await killOnce(home, restore, { input: passphrase, when: () => begun(home) });
  const parts = path.join(place, 'parts');
  const create = ['backup', 'create', '--to', `${parts}/`, '--passphrase-stdin'];
  await killOnce(home, create, { input: passphrase, when: () => existsSync(parts) });
  for (const name of await readdir(parts)) expect(name).toMatch(/\.part$/);

  vm = await startTestVm({ home });
  expect((await readdir(home)).filter((name) => /^(restoring|before)-/.test(name))).toEqual([]);
  const { code } = await vm.cli(['audit', 'verify']);
  expect(code).toBe(0);
  expect(await executionsOf(vm)).toHaveLength(3);

  // What was there is kept, and a no is a no.
  await vm.stop({ keepHome: true });
  const asked = await withPassphrase(['restore', file], home);
  expect(asked.code).toBe(4);
  expect(asked.stderr).toMatch(/would take the place of what is in\s+.*\n {2}hint: say --yes/);
  const done = await withPassphrase(['restore', file, '--yes', '--keep-access'], home);
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/Good again, also where you took them away since: token phone\./);
  expect(done.stdout).toMatch(/What was there is in .*before-restore-/);
  vm = await startTestVm({ home });
  expect(await phoneAt(vm)).toBe(200);
  const verified = await vm.cli(['audit', 'verify', '--json']);
  expect(auditVerificationSchema.parse(verified.json())).toMatchObject({ ok: true, epoch: 1 });
}, 900_000);

/**
 * Core's own secrets in the sweep (tests/canaries.test.ts has a VM's): a text of its own in every place where one enters, then all that
 * people and VMs do there, well and badly, then a search of its database, log, files, backups and of what it sent, in every form.
 * Bearers that Core makes up are looked for as well. Its keys and the operator's token are in files of their own, and nowhere else.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { hash } from 'bcryptjs';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFile } from '../../src/backup/folder-place.ts';
import { openCoreBackup } from '../../src/backup/open-backup.ts';
import { readCommandLine, readEnvironment } from '../../src/processes/proc.ts';
import { type Canary, startCanary } from '../helpers/canary.ts';
import { findIn } from '../helpers/canary-forms.ts';
import { basicOf } from '../helpers/core.ts';
import { type CorePlace, runCoreCli, startCoreProcess } from '../helpers/core-process.ts';
import { createTestCoreDatabase, type TestCoreDatabase } from '../helpers/database.ts';
import { filesUnder } from '../helpers/files-under.ts';
import { freePort } from '../helpers/free-port.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { startTestStore, type TestStore } from '../helpers/s3-store.ts';

const mark = 'kanarienvogel';
const secrets = {
  alerts: `${mark}-alert-address`,
  mail: `${mark}-mail "ü\\`,
  store: `${mark}-store`,
  password: `${mark} is how Ada signs in`,
  nextPassword: `${mark} is how Ada signs in now`,
  vm: `${mark}-vm`,
};

let db: TestCoreDatabase;
let folder: string;
let place: CorePlace;
let receiver: Canary;
let store: TestStore;
let smtp: SMTPServer;
let identity: string;
let operator: string;
let core: Awaited<ReturnType<typeof startCoreProcess>>;
const mails: Buffer[] = [];
/** What Core logged, and what its commands said. */
const said: Buffer[] = [];
/** What it gave to somebody once. */
const given: string[] = [];

beforeAll(async () => {
  db = await createTestCoreDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-core-sweep-'));
  store = await startTestStore('kept');
  // It repeats what it was sent, as an error.
  receiver = await startCanary((_request, response) => {
    const { url, headers, body } = receiver.last();
    response.writeHead(500).end(`${url} ${JSON.stringify(headers)} ${body}`);
  });
  smtp = new SMTPServer({
    ...{ authOptional: false, allowInsecureAuth: true, disabledCommands: ['STARTTLS'] },
    onAuth: ({ password = '' }, _session, done) =>
      password === secrets.mail ? done(null, { user: 'core' }) : done(new Error(`${password} is wrong`)),
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  const mailPort = await freePort();
  smtp.listen(mailPort, '127.0.0.1');
  identity = await generateX25519Identity();
  place = { home: path.join(folder, 'core'), port: await freePort(), databaseUrl: db.url };
  place.env = {
    CORE_ALERT_WEBHOOK: `${receiver.url}/${secrets.alerts}`,
    CORE_ALERT_MAIL: 'provider@core.example',
    CORE_SMTP_URL: `smtp://core@127.0.0.1:${mailPort}`,
    CORE_MAIL_FROM: 'core@core.example',
    CORE_SMTP_PASSWORD_FILE: await fileOf('mail', secrets.mail),
    CORE_BACKUP_TO: 's3://kept/core',
    CORE_BACKUP_RECIPIENTS: await identityToRecipient(identity),
    CORE_BACKUP_S3_ENDPOINT: store.endpoint,
    CORE_BACKUP_S3_KEY_ID: 'AKIATEST',
    CORE_BACKUP_S3_SECRET_FILE: await fileOf('store', secrets.store),
    ALFRED_LOG_LEVEL: 'debug',
  };
  await start();
});
afterAll(async () => {
  if (core?.child.exitCode === null) await core.kill();
  await Promise.all([receiver?.close(), store?.close(), new Promise<void>((done) => smtp.close(done))]);
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string, text: string): Promise<string> {
  await mkdir(path.join(folder, 'secrets'), { recursive: true });
  const file = path.join(folder, 'secrets', name);
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  return file;
}

async function start(): Promise<void> {
  core = await startCoreProcess(place);
  for (const stream of [core.child.stdout, core.child.stderr])
    stream?.on('data', (chunk: string) => said.push(Buffer.from(chunk)));
  operator = (await readFile(path.join(place.home, 'admin-token'), 'utf8')).trim();
}

type Body = Record<string, string>;

/** Asks it, and keeps the answer where it may hold no secret: one that is given this once is taken out. */
async function ask(
  method: string,
  route: string,
  body?: unknown,
  { as = `Bearer ${operator}`, gives }: { as?: string; gives?: string } = {},
): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`http://127.0.0.1:${place.port}${route}`, {
    method,
    headers: { ...(as === '' ? {} : { authorization: as }), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const read = (text.startsWith('{') ? JSON.parse(text) : {}) as Body;
  const secret = /[\w-]{43,}$/.exec(gives === undefined ? '' : (read[gives] ?? 'missing'))?.[0];
  if (secret !== undefined) given.push(secret);
  said.push(Buffer.from(secret === undefined ? text : text.replaceAll(secret, '')));
  return { status: answer.status, body: read };
}

it('is used by people and VMs, well and badly', async () => {
  const { password, nextPassword } = secrets;
  const login = 'ada@customers.example';
  const { body: user } = await ask('POST', '/v1/users', { login, password });
  await ask('POST', '/v1/users', { login, password });
  for (const word of [password, `${password}, or not`, ''])
    await ask('POST', '/v1/session', { login, password: word }, { as: '', gives: 'token' });
  const { body: session } = await ask('POST', '/v1/session', { login, password }, { as: '', gives: 'token' });
  const as = `Bearer ${session.token}`;
  const changed = { current: password, password: nextPassword, more: password };
  for (const body of [changed, { current: `${password}!`, password: nextPassword }])
    await ask('PUT', '/v1/session/password', body, { as });
  const right = { current: password, password: nextPassword };
  expect((await ask('PUT', '/v1/session/password', right, { as })).status).toBe(204);
  await ask('POST', '/v1/session/forgotten', { login }, { as: '' });
  await ask('POST', `/v1/users/${user.id}/link`, {}, { gives: 'url' });
  await ask('POST', '/v1/tokens', { name: 'script', role: 'support' }, { gives: 'token' });
  await ask('GET', '/v1/session', undefined, { as: `Bearer ${secrets.vm}` });

  const { body: enrolment } = await ask('POST', '/v1/enrollments', {}, { as, gives: 'token' });
  const authSecretHash = await hash(secrets.vm, 8);
  for (const enrollmentToken of [enrolment.token, secrets.vm])
    await ask('POST', '/v1/vms', { enrollmentToken, authSecretHash }, { as: '' });
  const { id } = await db.prisma.vm.findFirstOrThrow();
  for (const secret of [secrets.vm, `${secrets.vm}!`])
    await ask('POST', `/v1/vms/${id}/token`, undefined, { as: basicOf(id, secret), gives: 'token' });
  await ask('POST', '/v1/alerts/test', {});
  for (const route of [
    '/v1/users',
    '/v1/tokens',
    '/v1/vms',
    '/v1/audit',
    '/v1/alerts',
    '/v1/backups',
    '/metrics',
  ])
    await ask('GET', route);
  expect(receiver.requests.length).toBeGreaterThan(0);
  await until(() => mails.length > 1);
  // By a link of a mail somebody sets their password.
  const written = mails.map((mail) => mail.toString().replaceAll(/=\r?\n/g, '')).join();
  given.push(...[...written.matchAll(/#link=(?:3D)?\w*?_([\w-]{43})/g)].map(([, code = '']) => code));
});

it('is backed up, restored elsewhere, and killed', async () => {
  const file = path.join(folder, 'core.age');
  const key = await fileOf('identity', identity);
  const recipient = await identityToRecipient(identity);
  const elsewhere: CorePlace = { home: path.join(folder, 'elsewhere'), port: await freePort() };
  const command = async (at: CorePlace, ...args: string[]) => {
    const { code, out, err } = await runCoreCli(at, args);
    said.push(Buffer.from(`${out}${err}`));
    expect(code, `${args.join(' ')}: ${out}${err}`).toBe(0);
  };
  await command(place, 'backup', 'create', '--to', file, '--recipient', recipient);
  await command(elsewhere, 'backup', 'verify', file, '--identity', key);
  await command(elsewhere, 'backup', 'restore', file, '--identity', key);
  await command(place, 'audit', 'verify');
  // The store refuses its key: in words without it.
  const refused = await runCoreCli(place, ['backup', 'create']);
  said.push(Buffer.from(`${refused.out}${refused.err}`));
  await core.kill();
  await start();
});

it('has its secrets nowhere', async () => {
  const found: string[] = [];
  const look = (name: string, bytes: Buffer) => {
    for (const { text, form, around } of findIn(bytes, [mark, operator, ...given]))
      found.push(`${name}: ${text === mark ? mark : 'what it made up'} (${form}) ${around}`);
  };
  const own = [secrets.alerts];
  const pid = core.child.pid ?? 0;
  for (const text of [readCommandLine(pid) ?? '', readEnvironment(pid) ?? ''])
    look('the process table', Buffer.from(own.reduce((rest, secret) => rest.replaceAll(secret, ''), text)));
  look('logs and answers', Buffer.concat(said));
  for (const { headers, body } of receiver.requests)
    look('alerts', Buffer.concat([body, Buffer.from(JSON.stringify(headers))]));
  const isKey = (name: string) => name.startsWith('keys/') || name === 'admin-token';
  for (const home of [place.home, path.join(folder, 'elsewhere')])
    for (const { file, bytes } of filesUnder(home, isKey)) look(`file ${file}`, bytes);
  await lookAtTables(look);
  for (const [name, bytes] of store.objects) look(`the store’s ${name}`, bytes);
  const backup = path.join(folder, 'core.age');
  look('a backup', await readFile(backup));
  const { reader } = await openCoreBackup(await openFile(backup), { identities: [identity] });
  for (let line = await reader.line(); line !== undefined; line = await reader.line())
    look('a line of a backup', Buffer.from(line));
  expect(found).toEqual([]);
  expect(new Set(given).size).toBeGreaterThanOrEqual(5);
});

async function lookAtTables(look: (name: string, bytes: Buffer) => void): Promise<void> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name } of rows) {
      const found = await client.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
      look(`table ${name}`, Buffer.from(found.rows.map(({ text }) => text).join('\n')));
    }
  } finally {
    await client.end();
  }
}

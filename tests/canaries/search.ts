/** Where a secret could be found: what the VM, its programs and Core wrote and sent, and what it made up itself. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { createCoreBackup } from '../../core/backup/core-backup.ts';
import { folderPlace, openFile } from '../../src/backup/folder-place.ts';
import { openBackup, openCoreBackup } from '../../src/backup/open-backup.ts';
import { openDatabase } from '../../src/database/client.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readCommandLine, readEnvironment } from '../../src/processes/proc.ts';
import { openSealed } from '../../src/vault/open.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { findSealedPlaces } from '../../src/vault/sealed-places.ts';
import { findIn } from '../helpers/canary-forms.ts';
import { filesUnder } from '../helpers/files-under.ts';
import { keySettings } from '../helpers/vault.ts';
import { processesOf } from '../helpers/vm.ts';
import {
  core,
  enrolmentToken,
  given,
  home,
  logs,
  model,
  outsiders,
  place,
  proxy,
  said,
  shop,
  vm,
} from './ground.ts';
import { mark, privateMark, secrets } from './secrets.ts';

/** What was found in the process table while things ran. */
export const inProcesses: string[] = [];

/** Looks at every process of the home: its command line, and its environment but for what is its own. */
export function lookAtProcesses(): void {
  for (const pid of processesOf(home).map((line) => Number(line.split(' ')[0]))) {
    const command = readCommandLine(pid) ?? '';
    const own = [
      ...(pid === vm.pid
        ? [
            secrets['the environment of the first start'],
            encodeURIComponent(secrets['the headers for a collector of traces']),
          ]
        : []),
      ...(command.includes('server-everything') ? [secrets['a variable of a program']] : []),
      ...(command.includes('hostile-server') ? [secrets['what another program has set up']] : []),
    ];
    const environment = own.reduce(
      (text, secret) => text.replaceAll(Buffer.from(secret).toString('latin1'), ''),
      readEnvironment(pid) ?? '',
    );
    for (const text of [command, environment]) {
      const found = findIn(Buffer.from(text, 'latin1'), [mark, privateMark, enrolmentToken, ...given]);
      inProcesses.push(
        ...found.map(({ form, around }) => `${pid} ${command.slice(0, 60)}: ${form} ${around}`),
      );
    }
  }
}

/**
 * Bytes, whose they are, and what of the marks may be there: what is private in what is `owner`’s, what the VM made up in what it says
 * to Core `asItself`.
 */
type Heap = { name: string; bytes: Buffer; isOwners?: boolean; isToCore?: boolean };

async function* ofTheVm(): AsyncGenerator<Heap> {
  logs.push(vm.stderr());
  yield { name: 'answers, streams, the command line', bytes: Buffer.from(said.join('\n')), isOwners: true };
  yield { name: 'logs', bytes: Buffer.from(logs.join('\n')) };
  const metrics = await fetch(new URL('/metrics', vm.url), {
    headers: { authorization: `Bearer ${vm.token}` },
  });
  yield { name: 'metrics', bytes: Buffer.from(await metrics.text()) };
  const isKey = (name: string) => name.startsWith('keys/') || name === 'cli-token';
  for (const folder of [home, path.join(place, 'other-home')])
    for (const { file, bytes } of filesUnder(folder, isKey))
      yield { name: `file ${file}`, bytes, isOwners: true };
  for (const name of ['the.age', 'second.age']) {
    const file = path.join(place, name);
    yield { name, bytes: await readFile(file) };
    const passphrase = secrets['the passphrase of a backup'];
    const { reader } = await openBackup(await openFile(file), { passphrase });
    for (let line = await reader.line(); line !== undefined; line = await reader.line())
      yield { name: `a line of ${name}`, bytes: Buffer.from(line), isOwners: true };
  }
}

/** What was sent away. Where a secret is what lets the VM in, it is taken out: by its own channel, and there alone. */
async function* sentAway(): AsyncGenerator<Heap> {
  for (const { raw } of [...model.requests, ...model.others])
    yield { name: 'the model', bytes: Buffer.from(raw), isOwners: true };
  for (const { url, headers, body } of shop.requests.filter((request) => request.url !== '/token')) {
    const { authorization: _, 'x-key': __, ...rest } = headers;
    const { pathname } = new URL(url, shop.url);
    yield { name: 'the shop', bytes: Buffer.from(`${pathname} ${JSON.stringify(rest)} ${body}`) };
  }
  for (const { headers, body } of outsiders.by.ntfy.requests) {
    const { topic, ...rest } = JSON.parse(body.toString()) as { topic: unknown };
    const bytes = Buffer.from(JSON.stringify([rest, { ...headers, authorization: '' }]));
    yield { name: 'notices by ntfy', bytes };
    if (topic !== secrets['the topic of ntfy']) throw new Error('ntfy was sent another topic');
  }
  for (const kind of ['webhook', 'telegram', 'slack', 'discord'] as const)
    for (const { body, headers } of outsiders.by[kind].requests)
      yield {
        name: `notices by ${kind}`,
        bytes: Buffer.concat([body, Buffer.from(JSON.stringify(headers))]),
      };
  for (const { payload } of await outsiders.push.pushed())
    yield { name: 'notices to a browser', bytes: Buffer.from(JSON.stringify(payload)) };
  for (const { body, headers } of outsiders.collector.requests) {
    const bytes = Buffer.concat([body, Buffer.from(JSON.stringify({ ...headers, authorization: '' }))]);
    yield { name: 'traces', bytes };
  }
  yield { name: 'what Core was sent', bytes: Buffer.from(proxy.sent()), isToCore: true };
}

/** All of Core: its database, its log, its files but for its own keys, and a backup of it, sealed and opened. */
async function* ofCore(): AsyncGenerator<Heap> {
  const { rows: tables } = await core.db.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  for (const { name } of tables) {
    const { rows } = await core.db.pool.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
    yield { name: `table ${name} of Core`, bytes: Buffer.from(rows.map(({ text }) => text).join('\n')) };
  }
  yield { name: 'logs of Core', bytes: Buffer.from(core.logged.join('')) };
  const isKey = (name: string) => name.startsWith('keys/') || name === 'admin-token';
  for (const { file, bytes } of filesUnder(core.home, isKey)) yield { name: `file ${file} of Core`, bytes };
  const identity = await generateX25519Identity();
  const file = path.join(place, 'core.age');
  await createCoreBackup(
    { home: core.home, url: core.db.url },
    {
      ...{ place: folderPlace(place), name: 'core.age', onProgress: () => {} },
      to: { recipients: [await identityToRecipient(identity)] },
    },
  );
  yield { name: 'a backup of Core', bytes: await readFile(file) };
  const { reader } = await openCoreBackup(await openFile(file), { identities: [identity] });
  for (let line = await reader.line(); line !== undefined; line = await reader.line())
    yield { name: 'a line of a backup of Core', bytes: Buffer.from(line) };
}

/** @returns each hit in words: where, in which form, and what stands around it */
export async function searchEverywhere(): Promise<string[]> {
  const made = await secretsThatItMade();
  const found: string[] = [];
  for (const heaps of [ofTheVm(), sentAway(), ofCore()]) {
    for await (const { name, bytes, isOwners = false, isToCore = false } of heaps) {
      const ownWord = isToCore ? [] : [...made, enrolmentToken];
      const texts = [mark, ...given, ...(isOwners ? [] : [privateMark]), ...ownWord];
      for (const { text, form, around } of findIn(bytes, texts)) {
        const what = text === mark || text === privateMark ? text : 'what was made up';
        found.push(`${name}: ${what} (${form}) ${around}`);
      }
    }
  }
  return found;
}

/** The owner's token, and every value that is sealed and nobody entered. */
async function secretsThatItMade(): Promise<string[]> {
  const { url } = JSON.parse(await readFile(path.join(home, 'postgres', 'running.json'), 'utf8')) as {
    url: string;
  };
  const db = await openDatabase(url, { connections: 2 });
  try {
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const vault = await openVault({ db, settings: keySettings(home), log });
    const values = (await findSealedPlaces(db.prisma)).map(({ place: at, sealed, label }) =>
      openSealed(vault, at, sealed, label),
    );
    const entered: string[] = Object.values(secrets);
    return [vm.token, ...values.filter((value) => !value.includes(mark) && !entered.includes(value))];
  } finally {
    await db.close();
  }
}

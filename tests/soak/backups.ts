/**
 * Kills backups and restores with SIGKILL at random moments: `node tests/soak/backups.ts [each]` (50 and 50 when left out). After
 * each kill of a backup there is a whole file or none; after each of a restore the home is the old one or the new one, its
 * files and its database alike. Prints what was half done, and ends with 1 when anything was.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { openFile } from '../../src/backup/folder-place.ts';
import { openBackup } from '../../src/backup/open-backup.ts';
import { finishSwap } from '../../src/backup/swap-home.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { killOnce } from '../helpers/kill-once.ts';
import { makeHome, runCli, startTestVm } from '../helpers/vm.ts';

const each = Number(process.argv[2] ?? 50);
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const say = (line: string) => process.stderr.write(`${line}\n`);

const home = await makeHome();
const place = await mkdtemp(path.join(tmpdir(), 'alfred-backups-'));
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const identityFile = path.join(place, 'key.txt');
const file = path.join(place, 'new.age');
const markFile = path.join(home, 'connections', 'mark');
const wrong: string[] = [];
/** How long each takes, in milliseconds: as it did undisturbed, and then as kills tell, which come too early or too late. */
const takes = { backup: 0, restore: 0 };
/** Every other kill falls anywhere within it, and every other one near its end, where what is old becomes new. */
const momentOf = (round: number, ms: number): number =>
  ms * (round % 2 === 0 ? Math.random() : 0.85 + 0.3 * Math.random());
const counts = { whole: 0, none: 0, old: 0, new: 0 };
try {
  await prepare();
  for (let round = 1; round <= each; round++) await killBackup(round);
  for (let round = 1; round <= each; round++) await killRestore(round);
  process.stdout.write(`${[...wrong, JSON.stringify(counts), `half done: ${wrong.length}`].join('\n')}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  for (const folder of [home, place]) await rm(folder, { recursive: true, force: true });
}

/** A home that is marked `old`, in a file and in its database, and a backup of it that is marked `new`. */
async function prepare(): Promise<void> {
  await writeFile(identityFile, `${identity}\n`);
  const vm = await startTestVm({ home });
  await vm.api('PUT', '/api/v1/config/soak_mark', { value: 'new' });
  await mkdir(path.dirname(markFile), { recursive: true });
  await writeFile(markFile, 'new');
  const made = await runCli(home, ['backup', 'create', '--to', file, '--recipient', recipient, '--with-key']);
  if (made.code !== 0) throw new Error(made.stderr);
  await vm.stop({ keepHome: true });
  const undisturbed = path.join(place, 'killed.age');
  takes.backup = await timed(['backup', 'create', '--to', undisturbed, '--recipient', recipient]);
  await rm(undisturbed);
  takes.restore = await timed(['backup', 'restore', file, '--identity', identityFile, '--yes']);
  await markOld();
}

async function timed(args: string[]): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await runCli(home, args);
  if (code !== 0) throw new Error(stderr);
  return performance.now() - began;
}

async function killBackup(round: number): Promise<void> {
  const to = path.join(place, 'killed.age');
  await killOnce(home, ['backup', 'create', '--to', to, '--recipient', recipient], {
    when: () => true,
    afterMs: momentOf(round, takes.backup),
  });
  const outcome = existsSync(to) ? 'whole' : 'none';
  counts[outcome] += 1;
  if (round % 2 === 1) takes.backup *= outcome === 'whole' ? 0.9 : 1.1;
  if (outcome === 'whole') {
    const { reader } = await openBackup(await openFile(to), { identities: [identity] });
    let last = '';
    for (let line = await reader.line(); line !== undefined; line = await reader.line()) last = line;
    if (!last.startsWith('{"rows"')) wrong.push(`backup ${round}: a file that is not whole`);
  }
  for (const name of await readdir(place)) {
    if (name.startsWith('killed')) await rm(path.join(place, name));
  }
  say(`backup ${round}: ${outcome}`);
}

async function killRestore(round: number): Promise<void> {
  await killOnce(home, ['backup', 'restore', file, '--identity', identityFile, '--yes'], {
    when: () => true,
    afterMs: momentOf(round, takes.restore),
  });
  await finishSwap(home);
  const inFile = await readFile(markFile, 'utf8').catch(() => 'nothing');
  const inDatabase = await withDatabase(async (client) => {
    const { rows } = await client.query<{ value: string }>(
      "SELECT value FROM config WHERE key = 'soak_mark'",
    );
    return rows[0]?.value.replace('plain:', '') ?? 'nothing';
  });
  const hasKey = existsSync(path.join(home, 'keys', 'vm_encryption_secret'));
  if (inFile !== inDatabase || !hasKey || !/^(old|new)$/.test(inFile)) {
    wrong.push(`restore ${round}: ${inFile} in the files, ${inDatabase} in the database, key: ${hasKey}`);
  } else counts[inFile === 'new' ? 'new' : 'old'] += 1;
  if (round % 2 === 1) takes.restore *= inFile === 'new' ? 0.9 : 1.1;
  say(`restore ${round}: ${inFile}`);
  await markOld();
  for (const name of await readdir(home)) {
    if (name.startsWith('before-restore-')) await rm(path.join(home, name), { recursive: true });
  }
}

async function markOld(): Promise<void> {
  await mkdir(path.dirname(markFile), { recursive: true });
  await writeFile(markFile, 'old');
  await withDatabase((client) =>
    client.query("UPDATE config SET value = 'plain:old' WHERE key = 'soak_mark'"),
  );
}

async function withDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const postgres = await startEmbeddedPostgres({ home, log });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await postgres.stop();
  }
}

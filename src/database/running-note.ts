/** Where the embedded PostgreSQL of a home is: `postgres/running.json`, which is there while it runs, for other programs and for people. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';
import { readHomeLock } from '../processes/home-lock.ts';

const runningSchema = z.object({ url: z.string(), socketDir: z.string(), dataDir: z.string() });
export type Running = z.infer<typeof runningSchema>;

const fileOf = (home: string): string => path.join(home, 'postgres', 'running.json');

/** Undefined where none runs on this home. One that was killed may have left its note behind. */
export async function readRunning(home: string): Promise<Running | undefined> {
  const text = await readFile(fileOf(home), 'utf8').catch(() => '');
  try {
    return runningSchema.parse(JSON.parse(text));
  } catch {
    // No note, or none that this program wrote.
    return undefined;
  }
}

export const noteRunning = (home: string, running: Running): Promise<void> =>
  writeFile(fileOf(home), JSON.stringify(running), { mode: 0o600 });

export const forgetRunning = (home: string): Promise<void> => rm(fileOf(home), { force: true });

/** Whether the VM that answers on this home has another database than the embedded one. */
export async function runsOnAnother(home: string): Promise<boolean> {
  const holder = await readHomeLock(home);
  return typeof holder?.address === 'string' && (await readRunning(home)) === undefined;
}

/** @throws AlfredError E_SETTINGS when the VM that runs on this home has a database that this program was not told of */
export async function refuseAnother(home: string): Promise<void> {
  if (!(await runsOnAnother(home))) return;
  throw new AlfredError(
    'E_SETTINGS',
    `The VM on ${home} runs on the PostgreSQL of its own DATABASE_URL, and DATABASE_URL is not set here.`,
    { remedy: 'Set DATABASE_URL here as the VM has it, and try again.' },
  );
}

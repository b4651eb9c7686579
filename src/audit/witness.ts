/**
 * What is known of the chain outside the database, in `$ALFRED_HOME/audit`: whoever has the database alone can neither
 * change nor forget it.
 *   checkpoints.jsonl   every signed checkpoint and restore, a line each, on disk before it is relied on
 *   next.json           the signed head as the batch under way will leave it, on disk before that is committed
 *   head.json           the same, once it was committed
 * So the head of the database is always one of the two: any other was not written by this VM.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { type SignedStatement, signedSchema } from './statement.ts';

export type WitnessRecord = {
  /** In the order in which they were written; a line that was cut off by a crash is left out. */
  lines: SignedStatement[];
  head: SignedStatement | undefined;
  next: SignedStatement | undefined;
  /** Whether there is anything at all. */
  exists: boolean;
};

const folderOf = (home: string) => path.join(home, 'audit');
const checkpointsOf = (home: string) => path.join(folderOf(home), 'checkpoints.jsonl');
const headOf = (home: string) => path.join(folderOf(home), 'head.json');
const nextOf = (home: string) => path.join(folderOf(home), 'next.json');

export async function readWitness(home: string): Promise<WitnessRecord> {
  const files = [checkpointsOf(home), headOf(home), nextOf(home)];
  const [text, head, next] = await Promise.all(files.map(readText));
  const lines = (text ?? '').split('\n').flatMap((line) => parse(signedSchema, line) ?? []);
  return {
    lines,
    head: parse(signedSchema, head ?? ''),
    next: parse(signedSchema, next ?? ''),
    exists: text !== undefined || head !== undefined,
  };
}

/** Appends statements; they are on disk when this returns. */
export async function appendToWitness(home: string, signed: readonly SignedStatement[]): Promise<void> {
  if (signed.length === 0) return;
  await mkdir(folderOf(home), { recursive: true, mode: 0o700 });
  const file = await open(checkpointsOf(home), 'a', 0o600);
  try {
    // A line feed first: a line that a crash cut off must not swallow this one.
    await file.write(signed.map((one) => `\n${JSON.stringify(one)}`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What the head will be; on disk when this returns. Called before the commit that makes it so. */
export async function announceHead(home: string, signed: SignedStatement): Promise<void> {
  await mkdir(folderOf(home), { recursive: true, mode: 0o700 });
  const unfinished = `${nextOf(home)}.${randomBytes(4).toString('hex')}.part`;
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.write(`${JSON.stringify(signed)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, nextOf(home));
}

/** What was announced is so: called after the commit, or by whoever finds that it was reached before a crash. */
export async function confirmHead(home: string): Promise<void> {
  try {
    await rename(nextOf(home), headOf(home));
  } catch (error) {
    // Confirmed already, by another who saw the same.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    // Blank, or cut off by a crash while it was written.
    return undefined;
  }
}

/** Where the server of a home listens: `$ALFRED_HOME/server.json`, there while it runs. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const serverAddressSchema = z.object({ url: z.url(), pid: z.int().positive(), startedAt: z.iso.datetime() });
export type ServerAddress = z.infer<typeof serverAddressSchema>;

const fileOf = (home: string) => path.join(home, 'server.json');

/** True when a process with this id is there, whoever owns it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Tells other processes of this machine's user where the server listens. */
export function writeServerAddress(home: string, address: ServerAddress): void {
  writeFileSync(fileOf(home), `${JSON.stringify(address)}\n`, { mode: 0o600 });
}

/** The address of the server that runs on `home`, or undefined when none does (a file left by a crash counts as none). */
export function readServerAddress(home: string): ServerAddress | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(home), 'utf8');
  } catch (error) {
    // EACCES is somebody else's home: for this user there is no server either, and the caller says which home it meant.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return; // cut off by a crash while it was written
  }
  const parsed = serverAddressSchema.safeParse(json);
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
}

/** Removes the address at the end of the process that wrote it. */
export function clearServerAddress(home: string): void {
  rmSync(fileOf(home), { force: true });
}

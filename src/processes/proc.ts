/**
 * What Linux says of its processes: the one reader of /proc. A process that ended meanwhile, or whose owner lets nobody look, is
 * undefined; on other systems every one is.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Of `/proc/PID/stat` (proc_pid_stat(5)). */
export type ProcessStat = {
  /** The first 15 bytes of the program's file name. */
  name: string;
  /** R, S, D, T, Z, X: what it is doing. */
  letter: string;
  parent: number;
  group: number;
  session: number;
  /** PF_* of the kernel's include/linux/sched.h. */
  flags: number;
  threads: number;
  /** Clock ticks after boot: with the number it names one process of this boot. */
  startedAt: string;
};

/** The numbers of all processes that can be seen. */
export function processNumbers(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

export function readStat(pid: number): ProcessStat | undefined {
  const text = read(pid, 'stat');
  return text === undefined ? undefined : parseStat(text);
}

/** Reads the text of `/proc/PID/stat`. */
export function parseStat(text: string): ProcessStat {
  // "pid (name) state ppid pgrp session …": the name may hold blanks and brackets itself.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    letter: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    flags: Number(fields[6]),
    threads: Number(fields[17]),
    startedAt: fields[19] ?? '',
  };
}

/** `/proc/PID/status`, as it is (proc_pid_status(5)). */
export const readStatus = (pid: number): string | undefined => read(pid, 'status');

/** The environment that it was started with: `NAME=value`, each ended by a zero byte. */
export const readEnvironment = (pid: number): string | undefined => read(pid, 'environ');

/** Its program and arguments, each ended by a zero byte. */
export const readCommandLine = (pid: number): string | undefined => read(pid, 'cmdline');

export const readWorkingFolder = (pid: number): string | undefined =>
  unlessGone(() => readlinkSync(`/proc/${pid}/cwd`));

/** Names the boot. */
export const readBoot = (): string | undefined =>
  unlessGone(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

/** Names the namespace in which this process and its neighbours have their numbers. */
export const readNamespace = (): string | undefined => unlessGone(() => readlinkSync('/proc/self/ns/pid'));

/** In Latin-1: bytes are characters, whatever they mean. */
const read = (pid: number, file: string): string | undefined =>
  unlessGone(() => readFileSync(`/proc/${pid}/${file}`, 'latin1'));

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    // It ended meanwhile, belongs to somebody else, or the system says nothing of the kind.
    return undefined;
  }
}

// What was read at one start need not be read at the next: whoever writes a file, or makes or removes one in a folder, changes its
// time of change (ctime), which nobody can set. A look at a thousand of them takes a fifth of reading them. Plain JavaScript, as
// nothing is to be compiled before it.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Clocks of file systems tick: what changed this short before a look may change again unseen. In milliseconds. */
const tickMs = 2_000;

/**
 * What identifies these files and folders as they are now, and when the last of them changed.
 *
 * @param {string} root
 * @param {readonly string[]} names
 */
function look(root, names) {
  const hash = createHash('sha256');
  let changedMs = 0;
  for (const name of names) {
    const state = statSync(path.join(root, name), { throwIfNoEntry: false });
    hash.update(state === undefined ? '-\n' : `${state.ino} ${state.size} ${state.ctimeMs}\n`);
    if (state !== undefined) changedMs = Math.max(changedMs, state.ctimeMs);
  }
  return { seen: hash.digest('hex'), changedMs };
}

/**
 * @param {string} root
 * @param {string} note
 */
function recall(root, note) {
  try {
    /** @type {{ names: string[], seen: string, answer: string }} */
    const { names, seen, answer } = JSON.parse(readFileSync(note, 'utf8'));
    return look(root, names).seen === seen ? answer : undefined;
  } catch {
    // There is none, or it cannot be read: the files are.
    return undefined;
  }
}

/**
 * What is said of files, or what was said the last time if none of them has changed since.
 *
 * @param {string} note the file in which that is kept; where it cannot be written, the files are read each time
 * @param {string} root the folder that they are named from
 * @param {() => { names: string[], read: () => string }} find every file and folder that it goes by, and what reads them
 * @param {number} nowMs
 */
export function lookBeforeReading(note, root, find, nowMs = Date.now()) {
  const known = recall(root, note);
  if (known !== undefined) return known;
  const { names, read } = find();
  const { seen, changedMs } = look(root, names);
  const answer = read();
  if (nowMs - changedMs < tickMs) return answer;
  const unfinished = `${note}.${process.pid}`;
  try {
    writeFileSync(unfinished, JSON.stringify({ seen, answer, names }));
    renameSync(unfinished, note);
  } catch {
    // The folder may not be written, as in an image, or is not there yet.
    rmSync(unfinished, { force: true });
  }
  return answer;
}

/**
 * Sets the clock of a VM, of its PostgreSQL and of all that they start two hours, a day and a year ahead and back, under load, and
 * counts what came of it: runs that never ended, schedules that did not fire by their words, what was expired, purged or
 * forgotten before its time. `node tests/soak/clock-jumps.ts [seconds]`, which is how long each time of day is kept (75 when left
 * out), on Linux, with cc(1) and unshare(1). The machine's own clock is left alone: a library is preloaded into every program of
 * this run, which sees an /etc of its own. Ends with 1 when anything is wrong.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jumpUnderLoad } from './jump-under-load.ts';

const [seconds = '75', offsetFile] = process.argv.slice(2);

if (offsetFile === undefined) process.exitCode = await withOwnClock();
else {
  const wrong = await jumpUnderLoad({
    ...{ offsetFile, keptMs: Number(seconds) * 1_000 },
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${[...wrong, `wrong: ${wrong.length}`].join('\n')}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

/** Runs this program again, where /etc is a copy that has every program load the library. @returns how it ended */
async function withOwnClock(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-clock-'));
  try {
    const etc = path.join(folder, 'etc');
    await cp('/etc', etc, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    const offset = '/etc/alfred-clock.offset';
    const library = '/etc/alfred-clock.so';
    const built = path.join(etc, path.basename(library));
    const source = path.join(import.meta.dirname, 'set-clock.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', `-DOFFSET_FILE="${offset}"`, '-o', built, source]);
    await writeFile(path.join(etc, path.basename(offset)), Buffer.alloc(8));
    await writeFile(path.join(etc, 'ld.so.preload'), `${library}\n`);
    const isRoot = process.getuid?.() === 0;
    const child = spawn(
      'unshare',
      [
        ...(isRoot ? [] : ['--map-root-user']),
        ...['--mount', 'sh', '-c', 'chmod 755 "$0" && mount --bind "$0" /etc && exec "$@"', etc],
        ...[process.execPath, import.meta.filename, seconds, offset],
      ],
      { stdio: 'inherit' },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the tests that know the time under four clocks, zones and languages: the first minutes of a year, the last ones of a
 * month, and the two days on which a zone changes its clock. `node tests/soak/clocks.ts [files…]`, on Linux, with libfaketime
 * (Debian: `faketime`) and unshare(1). Without files it takes every test file that mentions a time.
 *
 * Everything that is started sees the clock, also PostgreSQL and whatever gets an environment of its own: the library is
 * preloaded, and reads how far off it is, from an /etc that this run alone sees.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const clocks = [
  // The year and the day have just begun.
  { at: '2027-01-01T00:01:00Z', zone: 'UTC', language: 'tr_TR.UTF-8' },
  // Two minutes before midnight, and the month's end, where days begin at a quarter past the hour.
  { at: '2027-01-31T18:13:00Z', zone: 'Asia/Kathmandu', language: 'ne_NP.UTF-8' },
  // 01:58, two minutes before 02:00 becomes 03:00.
  { at: '2027-03-14T09:58:00Z', zone: 'America/Los_Angeles', language: 'en_US.UTF-8' },
  // 02:58, two minutes before 03:00 becomes 02:00.
  { at: '2027-04-03T13:58:00Z', zone: 'Pacific/Auckland', language: 'de_DE.UTF-8' },
];

const root = path.resolve(import.meta.dirname, '../..');
const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
if (library === undefined) throw new Error('libfaketime is not installed: apt-get install faketime');

const named = process.argv.slice(2);
const files =
  named.length > 0 ? named : globSync('{src,core,tests}/**/*.test.ts', { cwd: root }).filter(knowsTime);

function knowsTime(file: string): boolean {
  const text = readFileSync(path.join(root, file), 'utf8');
  return /\bDate\b|\bnow\(\)|time_?zone|\bcron\b|\bIntl\.|midnight|Usd\b|period|last_run|since/i.test(text);
}

const failed: string[] = [];
for (const { at, zone, language } of clocks) {
  process.stdout.write(`\n${at} in ${zone}, ${language}: ${files.length} files\n`);
  const etc = await mkdtemp(path.join(tmpdir(), 'alfred-etc-'));
  try {
    await cp('/etc', etc, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await writeFile(path.join(etc, 'ld.so.preload'), `${library}\n`);
    const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
    await writeFile(path.join(etc, 'faketimerc'), `${seconds >= 0 ? '+' : ''}${seconds}\n`);
    const isRoot = process.getuid?.() === 0;
    const child = spawn(
      'unshare',
      [
        ...(isRoot ? [] : ['--map-root-user']),
        ...['--mount', 'sh', '-c', 'chmod 755 "$0" && mount --bind "$0" /etc && exec "$@"', etc],
        ...[process.execPath, path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files],
      ],
      {
        cwd: root,
        stdio: 'inherit',
        env: {
          ...process.env,
          // How long something takes is told by the machine's own clock.
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          TZ: zone,
          LANG: language,
          LC_ALL: language,
        },
      },
    );
    const [code] = await once(child, 'exit');
    if (code !== 0) failed.push(`${at} in ${zone}`);
  } finally {
    if (existsSync(etc)) await rm(etc, { recursive: true, force: true });
  }
}
process.stdout.write(failed.length === 0 ? '\nall four held\n' : `\nred at ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

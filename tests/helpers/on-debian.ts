/**
 * Runs tests on Debian's PostgreSQL in place of the embedded one: `node tests/helpers/on-debian.ts tests/runs/workers.test.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { debianBinaries, startDebianPostgres } from './debian-postgres.ts';

const binaries = debianBinaries();
if (binaries === undefined) throw new Error("Debian's PostgreSQL is not installed here");
const server = await startDebianPostgres(binaries);
try {
  process.stdout.write(`${server.version}\n`);
  const vitest = spawn('vitest', ['run', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ALFRED_TEST_DATABASE_URL: server.url },
  });
  const [code] = (await once(vitest, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}

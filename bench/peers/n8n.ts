/**
 * n8n beside Alfred, in turns on the same machine: a later start to ready and its processor time, idle memory, webhooks accepted over 50
 * connections, and the bytes that an execution of two nodes leaves in PostgreSQL. Each has a PostgreSQL of its own of the kind that comes
 * with Alfred, with the same settings.
 *
 * Installs n8n from npm (the version below, 2.9 GB, minutes) in a temporary folder outside of the repository, without install scripts, and
 * removes it again with its data. It listens on the loopback alone, and is told to report nothing to anybody. Not for CI.
 *
 *   node bench/peers/n8n.ts [rounds] [seconds of webhooks] [folder]      3 and 8; a folder keeps n8n for another run
 */
import { loadavg } from 'node:os';
import { N8n, version } from './n8n-process.ts';
import { compareStarts, median, type Seen } from './seen.ts';

const [rounds = 3, seconds = 8] = process.argv.slice(2, 4).map(Number);
const n8n = await N8n.install(process.argv[4]);
try {
  await n8n.prepare();
  const { peer, alfred } = await compareStarts(n8n, { rounds, seconds });
  const row = (what: string, part: keyof Seen, unit: string) => {
    const [ours, theirs] = [alfred, peer].map((all) => median(all.map((seen) => seen[part])));
    const ratio = (ours ?? 0) / (theirs ?? 1);
    console.log(
      `${what}: Alfred ${ours?.toFixed(1)}, n8n ${theirs?.toFixed(1)} ${unit}; ×${ratio.toFixed(2)}`,
    );
  };
  console.log(
    `n8n ${version}, Node.js ${process.version}, medians of ${rounds}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  row('a later start to ready', 'ms', 'ms');
  row('its processor time', 'cpuMs', 'ms');
  row('idle memory, all its processes but PostgreSQL', 'memory', 'MiB');
  row('its PostgreSQL', 'postgres', 'MiB');
  row('webhooks accepted, 50 connections', 'perSecond', 'a second');
  row('refused of them', 'refused', '');
  row('bytes of an execution', 'bytes', 'kB');
} finally {
  await n8n.remove();
}

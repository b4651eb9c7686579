/**
 * Talks in many conversations at once, while the VM (its process group) and its PostgreSQL are killed at random moments, and
 * counts what came of it:
 *   lost      a message that was accepted and is not there, or was never answered; a turn whose request did not know those before it
 *   doubled   a message that is there twice, or has two answers; an answer that begins or ends twice
 *   unlike    an answer whose record is not what its watcher was streamed
 *   orphaned  processes, run folders and locks that nobody owns
 *   false alarms  what the audit chain's verifier finds in the end
 * `node tests/soak/conversations.ts [conversations] [turns]` (30 and 20 when left out) prints it, and ends with 1 when anything
 * of it is not 0.
 */
import { parseArgs } from 'node:util';
import { talkUnderKills } from './talk-under-kills.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, verbose: { type: 'boolean', default: false } },
});
const result = await talkUnderKills({
  conversations: Number(positionals[0] ?? 30),
  turns: Number(positionals[1] ?? 20),
  seed: Number(values.seed ?? Date.now() % 1_000_000),
  verbose: values.verbose,
  say: (line) => process.stderr.write(`${line}\n`),
});
const { problems, figures } = result;
const rows = [...Object.entries(figures), ['problems', String(problems.length)]];
process.stdout.write(
  [...problems, ...rows.map(([name, value]) => `${String(name).padEnd(14)} ${String(value)}`), ''].join('\n'),
);
process.exitCode = problems.length > 0 ? 1 : 0;

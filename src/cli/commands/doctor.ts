import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { type Check, type Finding, runCheck } from '../doctor/check.ts';
import { checkFiles, checkHome, checkKey } from '../doctor/home.ts';
import { checkDisk, checkNode, checkSandbox } from '../doctor/machine.ts';
import { checkNotices } from '../doctor/notices.ts';
import { askServer, checkDatabase, checkModel, checkServer } from '../doctor/server.ts';
import { exitCodes } from '../exit-codes.ts';
import { pad, wrap } from '../render/text.ts';

/** Before and behind what the server says of itself. */
const before = ['node', 'home', 'key', 'files', 'disk', 'sandbox', 'server', 'database'] as const;
const behind = ['model', 'notices'] as const;

function render(context: Context, findings: Finding[]): string {
  const { out } = context;
  const width = Math.min(context.columns ?? 100, 100);
  const labels = Math.max(...findings.map(({ id }) => id.length));
  const indent = ' '.repeat(labels + 4);
  const marks = { good: out.green('✓'), warn: out.yellow('!'), bad: out.red('✗') };
  return findings
    .flatMap(({ id, state, message, remedy }) => [
      `${marks[state]} ${out.bold(pad(id, labels))}  ${wrap(message, width, indent).trimStart()}`,
      ...(remedy === undefined ? [] : [out.cyan(wrap(`hint: ${remedy}`, width, indent))]),
    ])
    .join('\n');
}

export function addDoctor(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'doctor',
    summary: 'look for what is wrong, and change nothing',
    description: 'Works while the VM is stopped, too. Ends with 1 when something needs to be put right.',
    examples: [
      ['alfred doctor', 'one line for each thing it looked at, with a hint where there is something to do'],
    ],
    async run(context) {
      const settings = context.settings();
      const { home } = settings;
      const checks: Record<(typeof before | typeof behind)[number], Check> = {
        node: checkNode,
        home: () => checkHome(home),
        key: () => checkKey(settings),
        files: () => checkFiles(home),
        server: () => checkServer(settings),
        database: () => checkDatabase(settings),
        model: () => checkModel(settings),
        notices: () => checkNotices(settings),
        sandbox: () => checkSandbox(settings),
        disk: () => checkDisk(home),
      };
      const run = (ids: readonly (keyof typeof checks)[]) =>
        Promise.all(ids.map((id) => runCheck(id, checks[id])));
      const parts = await Promise.all([run(before), askServer(settings), run(behind)]);
      const findings = parts.flat();
      const ok = findings.every(({ state }) => state !== 'bad');
      present(context, { ok, checks: findings.map((finding) => ({ ...finding, name: finding.id })) }, () =>
        render(context, findings),
      );
      return ok ? exitCodes.done : exitCodes.failed;
    },
  });
}

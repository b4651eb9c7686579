import { type Command, Option } from 'commander';
import { retryOrigins, retryVersions } from '../../contract/executions.ts';
import { listItems } from '../../contract/list-items.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { filterOf } from '../execution-filter.ts';
import { resolveExecutionId, shortId } from '../execution-id.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';
import { watchToEnd } from '../run-view.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

type Options = {
  from: (typeof retryOrigins)[number];
  version: (typeof retryVersions)[number];
  detach?: boolean;
  failed?: boolean;
  skill?: string;
  since?: string;
  yes?: boolean;
};

export function addExecutionRetry(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'retry [id]',
    summary: 'run again what has ended, and watch it work; or everything that failed',
    description:
      'Makes a new execution with the same input, which names the old one. From the failed step, what the steps before it gave is carried over, and they are not done again. Ctrl-C cancels the new run; a second Ctrl-C leaves at once.',
    examples: [
      ['alfred execution retry last', 'all of it again, with the skill as it was'],
      ['alfred execution retry last --from failed --version current', 'after the skill was mended'],
      [
        'alfred execution retry --failed --since 1d --version current',
        'all that failed since then and were not run again; asks first, -y does not',
      ],
    ],
    options: (command) =>
      command
        .addOption(
          new Option('--from <step>', 'where to begin').choices(retryOrigins).default(retryOrigins[0]),
        )
        .addOption(
          new Option('--version <version>', 'of the skill: the one that ran, or the one it is now')
            .choices(retryVersions)
            .default(retryVersions[0]),
        )
        .option('-d, --detach', 'start it, print its id, and do not wait')
        .option('--failed', 'in place of one: every run that failed and was not run again')
        .option('--skill <slug>', 'of these, those of one skill')
        .option('--since <time>', 'of these, those since then: 36h, 7d (ago), 2026-11-22')
        .option('-y, --yes', 'do not ask'),
    async run(context, [typed], { from, version, detach, ...many }) {
      if ((typed === undefined) === (many.failed !== true))
        throw usageProblem(
          'Name one run, or --failed',
          'alfred execution retry last, or --failed --since 1d',
        );
      const api = await context.api();
      if (typed === undefined) return await retryFailed(context, api, { from, version, ...many });
      const id = await resolveExecutionId(api, typed);
      const accepted = await api.retryExecution({ params: { id }, body: { from, version } });
      const { executionId } = accepted;
      if (detach === true) {
        present(context, accepted, () => executionId);
        context.note(context.err.dim(`  follow it with alfred execution watch ${executionId}`));
        return exitCodes.done;
      }
      const what = from === 'failed' ? 'going on with' : 'running again:';
      context.note(context.err.dim(`${what} ${id}`));
      const execution = await watchToEnd(context, api, executionId, { interrupt: 'cancels' });
      if (!context.json) context.note('');
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}

/** So many at once; then again. */
const most = 200;

async function retryFailed(
  context: Context,
  api: Api,
  { from, version, skill, since, yes }: Options,
): Promise<ExitCode> {
  const { out } = context;
  const filter = filterOf(
    { status: 'failed', ...(skill && { skill }), ...(since && { from: since }) },
    context.now(),
  );
  const rows = await listItems(api.listExecutions, { query: filter }, { max: most });
  const ids = rows.filter(({ mode }) => mode !== 'replay').map(({ id }) => id);
  if (ids.length === 0) {
    present(context, { started: [], refused: [] }, () => 'Nothing failed that fits.');
    return exitCodes.done;
  }
  await confirmOrStop(context, `run ${plural(ids.length, 'failed run')} again?`, yes === true);
  const done = await api.retryExecutions({ body: { ids, from, version } });
  present(context, done, ({ started, refused }) =>
    [
      `${out.green('✓')} ${plural(started.length, 'run')} started again`,
      ...refused.map(({ id, message }) => `${out.yellow('!')} ${shortId(id)}: ${message}`),
    ].join('\n'),
  );
  return exitCodes.done;
}

import type { Command } from 'commander';
import { isFinal } from '../../contract/execution-status.ts';
import { listItems } from '../../contract/list-items.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Colors, type Context, present } from '../context.ts';
import { followExecution } from '../event-stream.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { withProgress } from '../live-line.ts';
import { usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { paintStatus, renderFacts } from '../render/execution.ts';
import { plural } from '../render/figures.ts';
import { readExecution } from '../run-view.ts';

export function addExecutionCancel(noun: Command, dispatch: Dispatch): void {
  addVerb<{ skill?: string; waiting?: boolean; yes?: boolean }>(noun, dispatch, {
    usage: 'cancel [id]',
    summary: 'stop a run, and wait until it stands still; or all runs of a skill, or all that wait',
    examples: [
      ['alfred execution cancel last', 'an id, the end of a recent one, or last'],
      ['alfred execution cancel --skill house-report', 'all that wait or run; asks first, -y does not'],
      ['alfred execution cancel --waiting', 'whatever is queued or waits for you; --skill: of that skill'],
    ],
    options: (command) =>
      command
        .option('--skill <slug>', 'every run of this skill that has not ended')
        .option('--waiting', 'every run that waits: for its turn, or for you')
        .option('-y, --yes', 'do not ask'),
    async run(context, [typed], { skill, waiting, yes }) {
      if ((typed === undefined) === (skill === undefined && waiting !== true))
        throw usageProblem(
          'Name one run, or a skill, or those that wait',
          'alfred execution cancel last, or --skill SLUG, or --waiting',
        );
      const api = await context.api();
      if (waiting === true) return await cancelWaiting(context, api, { skill, yes: yes === true });
      if (skill !== undefined) {
        await confirmOrStop(context, `cancel every run of ${skill} that waits or runs?`, yes === true);
        const done = await api.cancelSkillRuns({ params: { slug: skill } });
        present(context, done, ({ cancelled }) => saidOf(context.out, skill, cancelled));
        return undefined;
      }
      const id = await resolveExecutionId(api, typed ?? '');
      await api.cancelExecution({ params: { id } });
      await withProgress(context, 'waiting until it stands still', async () => {
        const { signal } = new AbortController();
        for await (const _ of followExecution(api, id, { signal })) {
          // only the end of the events matters here
        }
      });
      const execution = await readExecution(api, id);
      present(context, execution, () => {
        const { out } = context;
        const line = isFinal(execution.status)
          ? execution.status === 'cancelled'
            ? `${out.green('✓')} ${id} is ${paintStatus(execution.status, out)}`
            : `${out.yellow('!')} ${id} had ended before it could be stopped: ${paintStatus(execution.status, out)}`
          : `${out.yellow('!')} ${id} is ${paintStatus(execution.status, out)}`;
        return [line, `  ${out.dim(`${execution.skillSlug} · ${renderFacts(execution)}`)}`].join('\n');
      });
      return undefined;
    },
  });
}

/** So many at once; then again. */
const most = 200;

async function cancelWaiting(
  context: Context,
  api: Api,
  { skill, yes }: { skill: string | undefined; yes: boolean },
): Promise<undefined> {
  const ofStatus = (status: 'queued' | 'waiting_approval') =>
    listItems(api.listExecutions, { query: { status, skill } }, { max: most });
  const rows = (await Promise.all([ofStatus('queued'), ofStatus('waiting_approval')])).flat().slice(0, most);
  if (rows.length === 0) {
    present(context, { cancelled: 0 }, () => 'No run waits.');
    return undefined;
  }
  await confirmOrStop(
    context,
    `cancel ${plural(rows.length, 'run')} that ${rows.length === 1 ? 'waits' : 'wait'}?`,
    yes,
  );
  const done = await api.cancelExecutions({ body: { ids: rows.map(({ id }) => id) } });
  present(
    context,
    done,
    ({ cancelled }) => `${context.out.green('✓')} ${plural(cancelled, 'run')} cancelled`,
  );
  return undefined;
}

const saidOf = (out: Colors, skill: string, cancelled: number): string =>
  cancelled === 0
    ? `No run of ${out.bold(skill)} waits or runs.`
    : `${out.green('✓')} ${plural(cancelled, 'run')} of ${out.bold(skill)}: those that waited are cancelled, those under way end in a moment`;

/** `alfred execution …` */
import { once } from 'node:events';
import type { Command } from 'commander';
import { operations } from '../../contract/operations.ts';
import { readWaiting } from '../approval-id.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { type FilterOptions, filterOf } from '../execution-filter.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderApproval } from '../render/approval.ts';
import { renderExecution, renderOutput } from '../render/execution.ts';
import { formatBytes } from '../render/figures.ts';
import { readExecution, watchToEnd } from '../run-view.ts';
import { addExecutionApprove, addExecutionDeny } from './execution-approve.ts';
import { addExecutionCancel } from './execution-cancel.ts';
import { addExecutionFilters } from './execution-filters.ts';
import { addExecutionList, withFilters } from './execution-list.ts';
import { addExecutionMark } from './execution-mark.ts';
import { addExecutionRead } from './execution-read.ts';
import { addExecutionCompare, addExecutionReplay } from './execution-replay.ts';
import { addExecutionRetry } from './execution-retry.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

export function addExecutionCommands(noun: Command, dispatch: Dispatch): void {
  addExecutionList(noun, dispatch);
  addExecutionShow(noun, dispatch);
  addExecutionWatch(noun, dispatch);
  addExecutionMark(noun, dispatch);
  addExecutionRead(noun, dispatch);
  addExecutionCancel(noun, dispatch);
  addExecutionRetry(noun, dispatch);
  addExecutionReplay(noun, dispatch);
  addExecutionCompare(noun, dispatch);
  addExecutionApprovals(noun, dispatch);
  addExecutionApprove(noun, dispatch);
  addExecutionDeny(noun, dispatch);
  addExecutionPurge(noun, dispatch);
  addExecutionExport(noun, dispatch);
  addExecutionFilters(noun, dispatch);
}

function addExecutionWatch(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'watch <id>',
    summary: 'follow an execution to its end',
    description: 'Shows what happened so far, then what happens. Ctrl-C stops watching; the run goes on.',
    examples: [['alfred execution watch last', 'an id, the end of a recent one, or last']],
    async run(context, [typed = '']) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const execution = await watchToEnd(context, api, id, { interrupt: 'leaves' });
      context.note('');
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}

function addExecutionApprovals(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'approvals',
    summary: 'show the calls that wait for you, exactly as they would be made',
    examples: [['alfred execution approvals', 'then alfred execution approve ID, or deny ID']],
    async run(context) {
      const items = await readWaiting(await context.api());
      const { out } = context;
      present(context, { items, nextCursor: null }, () =>
        items.length === 0
          ? 'nothing waits for you'
          : items.map((each) => renderApproval(each, out)).join('\n\n'),
      );
      if (items.length > 0) {
        context.note(
          context.err.dim('  alfred execution approve ID, or alfred execution deny ID --note "why"'),
        );
      }
      return undefined;
    },
  });
}

function addExecutionPurge(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'purge <id>',
    summary: 'drop what one execution read and said, for good',
    description:
      'Its input, output, trace, events and the payloads of its tool calls go. The row, its hashes and its metrics stay, and the purge is on record.',
    examples: [['alfred execution purge last', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [typed = ''], { yes }) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const { skillSlug } = await readExecution(api, id);
      await confirmOrStop(context, `drop the content of ${id} (${skillSlug}) for good?`, yes === true);
      const purged = await api.purgeExecution({ params: { id } });
      present(
        context,
        purged,
        () =>
          `${context.out.green('✓')} ${id} is purged: ${formatBytes(purged.freedBytes)} are gone, its metrics stay`,
      );
      return undefined;
    },
  });
}

function addExecutionExport(noun: Command, dispatch: Dispatch): void {
  addVerb<FilterOptions>(noun, dispatch, {
    usage: 'export',
    summary: 'write executions out, one JSON document a line',
    description:
      'Whole, newest first, redacted as they are stored; with --json too each line is a document of its own.',
    examples: [
      ['alfred execution export > executions.ndjson', 'all of them'],
      ['alfred execution export --status failed --from 7d | jq .error', 'the filters are those of the list'],
    ],
    options: withFilters,
    async run(context, _operands, options) {
      const query = filterOf(options, context.now());
      const api = await context.api();
      const { signal } = new AbortController();
      const body = await api.stream(operations.exportExecutions, { query }, { signal });
      for await (const chunk of body ?? []) {
        // What the reader has not taken yet is not asked for.
        if (!context.stdout.write(chunk)) await once(context.stdout, 'drain');
      }
      return undefined;
    },
  });
}

function addExecutionShow(noun: Command, dispatch: Dispatch): void {
  addVerb<{ output?: boolean; trace?: boolean }>(noun, dispatch, {
    usage: 'show <id>',
    summary: 'one execution: how it ended, its steps, its tool calls, its output',
    examples: [
      ['alfred execution show last', 'an id, the end of a recent one, or last'],
      ['alfred execution show last --output > report.md', 'the output alone'],
      ['alfred execution show last --json', 'everything, the trace included'],
    ],
    options: (command) =>
      command
        .option('--output', 'print the output alone')
        .option('--trace', 'print the trace, one JSON message a line'),
    async run(context, [typed = ''], { output, trace }) {
      const api = await context.api();
      const execution = await readExecution(api, await resolveExecutionId(api, typed));
      present(context, execution, () => {
        if (output === true)
          return execution.output === null ? '' : renderOutput(execution.output, context.columns);
        if (trace === true) return execution.trace.map((message) => JSON.stringify(message)).join('\n');
        return renderExecution(execution, context.out, context.columns);
      });
      return undefined;
    },
  });
}

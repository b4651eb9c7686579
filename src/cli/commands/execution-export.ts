import { once } from 'node:events';
import type { Command } from 'commander';
import { operations } from '../../contract/operations.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type FilterOptions, filterOf } from '../execution-filter.ts';
import { withFilters } from './execution-list.ts';

export function addExecutionExport(noun: Command, dispatch: Dispatch): void {
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

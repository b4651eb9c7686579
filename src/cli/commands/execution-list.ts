import type { Command } from 'commander';
import { Option } from 'commander';
import { executionModes, executionStatuses } from '../../contract/execution-status.ts';
import type { ListedExecution } from '../../contract/executions.ts';
import { listItems } from '../../contract/list-items.ts';
import { ratings } from '../../contract/marks.ts';
import { triggerTypes } from '../../contract/trigger-types.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { type Filter, type FilterOptions, filterOf, textsOf } from '../execution-filter.ts';
import { shortId } from '../execution-id.ts';
import { usageProblem } from '../problem.ts';
import { describeCost, describeTotals, paintStatus, statusWord } from '../render/execution.ts';
import { formatCount, formatDuration, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';
import { readSaved, saveFilter } from '../saved-filters.ts';

type Options = FilterOptions & { limit: string; saved?: string; save?: string; totals?: boolean };

/** Below this many columns an id is shown by its end alone. */
const roomForIds = 110;

/** The filters that a list and an export have in common. */
export const withFilters = (command: Command): Command =>
  command
    .addOption(new Option('--status <status>', 'only those that stand like this').choices(executionStatuses))
    .option('--skill <slug>', 'only those of this skill')
    .addOption(new Option('--trigger <trigger>', 'only those started like this').choices(triggerTypes))
    .addOption(new Option('--mode <mode>', 'only those run like this').choices(executionModes))
    .option('--from <time>', 'only those from then on: 2026-11-22, 2026-11-22T07:00Z, or 36h, 7d (ago)')
    .option('--to <time>', 'only those before then')
    .option('--min-cost <usd>', 'only those that cost as much')
    .option('--max-cost <usd>', 'only those that cost no more')
    .option('-q, --search <words>', 'only those that ended with these words in input, output or error')
    .option('--model <model>', 'only those that this model worked on')
    .option('--connection <name>', 'only those that called a tool of this connection')
    .option('--pinned', 'only those that you pinned')
    .addOption(new Option('--rating <rating>', 'only those that you rated like this').choices(ratings))
    .option('--unread', 'only what is news');

export function addExecutionList(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'list',
    summary: 'what was run, newest first',
    examples: [
      ['alfred execution list', 'the last 20'],
      ['alfred execution list --status failed --from 7d', 'what failed in the last week'],
      [
        'alfred execution list -q \'"weekly report" -draft\' --skill reports',
        'by words; beg* is a beginning',
      ],
      ['alfred execution list --min-cost 0.50 --mode live', 'what was dear'],
      ['alfred execution list --skill bills --from 30d --totals', 'with what they come to in all'],
      [
        'alfred execution list --status failed --from 7d --save "failed this week"',
        'then: --saved "failed this week"',
      ],
    ],
    options: (command) =>
      withFilters(
        command
          .option('-n, --limit <count>', 'how many', '20')
          .option('--totals', 'and what all that fit come to: runs, cost, tokens, time')
          .option(
            '--saved <name>',
            'look for what was saved under this name; what else is given goes before it',
          )
          .option('--save <name>', 'save what is looked for under this name'),
      ),
    async run(context, _operands, { limit, saved, save, totals, ...options }) {
      if (!/^[1-9]\d{0,4}$/.test(limit))
        throw usageProblem(`--limit ${limit} is no count`, 'write a number from 1 to 99999');
      const api = await context.api();
      const typed = textsOf(filterOf(options, context.now()));
      // Texts as they were typed or kept: the server says what it knows of them.
      const query = { ...(saved === undefined ? {} : await readSaved(api, saved)), ...typed } as Filter;
      if (save !== undefined) await saveFilter(context, api, save, textsOf(query));
      // One more than is shown says whether there are more.
      const found = await listItems(api.listExecutions, { query }, { max: Number(limit) + 1 });
      const items = found.slice(0, Number(limit));
      const { out, columns } = context;
      const all = totals === true ? await api.readExecutionTotals({ query }) : undefined;
      const whole = { items, nextCursor: null, ...(all === undefined ? {} : { totals: all }) };
      present(context, whole, () => {
        if (items.length === 0) return nothing(query);
        const table = renderFound(context, items);
        const more = found.length > items.length && columns !== undefined;
        return [
          table,
          ...(all === undefined ? [] : [`\n${describeTotals(all, out)}`]),
          ...(more ? [out.dim(`there are more: --limit ${Number(limit) * 5}, or a filter (--help)`)] : []),
        ].join('\n');
      });
      return undefined;
    },
  });
}

/** One line a run, as wide as the terminal is. */
function renderFound(context: Context, items: readonly ListedExecution[]): string {
  const { out, columns } = context;
  const isShort = columns !== undefined && columns < roomForIds;
  return renderTable(
    [
      { header: 'ID', paint: out.dim },
      { header: 'STARTED' },
      { header: 'SKILL', min: 8, paint: out.bold },
      { header: 'STATUS', paint: (cell) => paintStatus(cell, out) },
      { header: 'BY', dropOrder: 3, paint: out.dim },
      { header: 'TOOK', align: 'right' },
      { header: 'TOKENS', align: 'right', dropOrder: 1 },
      { header: 'COST', align: 'right', dropOrder: 2 },
      { header: 'WHAT CAME OF IT', min: 24, dropOrder: 4 },
    ],
    items.map((each) => [
      isShort ? shortId(each.id) : each.id,
      formatTime(each.createdAt, context.now()),
      each.skillSlug,
      statusWord(each.status),
      each.mode === 'replay' ? 'replay' : each.trigger,
      each.durationMs === null ? '' : formatDuration(each.durationMs),
      formatCount(each.tokenCount),
      describeCost(each).replace('no cost (rehearsal)', 'rehearsal'),
      each.error ?? each.headline ?? '',
    ]),
    columns,
    out.dim,
  );
}

/** What an empty list says: which way to something. */
function nothing(query: Filter): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return 'nothing yet; run a skill with alfred skill run SLUG';
  const filters = given.map(([name, value]) => `${name} ${value}`).join(', ');
  const hint =
    query.q === undefined
      ? 'see them all with alfred execution list'
      : 'search looks for whole words of runs that ended; a star stands for the rest of one: walr*';
  return `nothing fits ${filters}\n${hint}`;
}

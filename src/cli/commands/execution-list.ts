import type { Command } from 'commander';
import { Option } from 'commander';
import { executionModes, executionStatuses } from '../../contract/executions.ts';
import { listItems } from '../../contract/list-items.ts';
import { triggerTypes } from '../../contract/triggers.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { type FilterOptions, filterOf } from '../execution-filter.ts';
import { shortId } from '../execution-id.ts';
import { usageProblem } from '../problem.ts';
import { describeCost, paintStatus } from '../render/execution.ts';
import { formatCount, formatDuration, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

type Options = FilterOptions & { limit: string };

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
    .option('-q, --search <words>', 'only those that ended with these words in input, output or error');

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
    ],
    options: (command) => withFilters(command.option('-n, --limit <count>', 'how many', '20')),
    async run(context, _operands, { limit, ...options }) {
      if (!/^[1-9]\d{0,4}$/.test(limit))
        throw usageProblem(`--limit ${limit} is no count`, 'write a number from 1 to 99999');
      const query = filterOf(options, context.now());
      // One more than is shown says whether there are more.
      const found = await listItems(
        (await context.api()).listExecutions,
        { query },
        { max: Number(limit) + 1 },
      );
      const items = found.slice(0, Number(limit));
      const { out, columns } = context;
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0) return nothing(query);
        const isShort = columns !== undefined && columns < roomForIds;
        const table = renderTable(
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
            each.status,
            each.mode === 'replay' ? 'replay' : each.trigger,
            each.durationMs === null ? '' : formatDuration(each.durationMs),
            formatCount(each.tokenCount),
            describeCost(each).replace('no cost (rehearsal)', 'rehearsal'),
            each.error ?? each.headline ?? '',
          ]),
          columns,
          out.dim,
        );
        const more = found.length > items.length && columns !== undefined;
        return more
          ? `${table}\n${out.dim(`there are more: --limit ${Number(limit) * 5}, or a filter (--help)`)}`
          : table;
      });
      return undefined;
    },
  });
}

/** What an empty list says: which way to something. */
function nothing(query: ReturnType<typeof filterOf>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return 'nothing yet; run a skill with alfred skill run SLUG';
  const filters = given.map(([name, value]) => `${name} ${value}`).join(', ');
  const hint =
    query.q === undefined
      ? 'see them all with alfred execution list'
      : 'search looks for whole words of runs that ended; a star stands for the rest of one: walr*';
  return `nothing fits ${filters}\n${hint}`;
}

import type { Command } from 'commander';
import { Option } from 'commander';
import { executionStatuses, executionSummarySchema } from '../../contract/executions.ts';
import { triggerTypes } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { shortId } from '../execution-id.ts';
import { listItems } from '../lists.ts';
import { usageProblem } from '../problem.ts';
import { describeCost, paintStatus } from '../render/execution.ts';
import { formatCount, formatDuration, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

type Options = { limit: string; status?: string; skill?: string; trigger?: string };

/** Below this many columns an id is shown by its end alone. */
const roomForIds = 110;

export function addExecutionList(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'list',
    summary: 'what was run, newest first',
    examples: [
      ['alfred execution list', 'the last 20'],
      ['alfred execution list --status failed --skill house-report', 'only what failed of one skill'],
    ],
    options: (command) =>
      command
        .option('-n, --limit <count>', 'how many', '20')
        .addOption(
          new Option('--status <status>', 'only those that stand like this').choices(executionStatuses),
        )
        .option('--skill <slug>', 'only those of this skill')
        .addOption(new Option('--trigger <trigger>', 'only those started like this').choices(triggerTypes)),
    async run(context, _operands, { limit, status, skill, trigger }) {
      if (!/^[1-9]\d{0,4}$/.test(limit))
        throw usageProblem(`--limit ${limit} is no count`, 'write a number from 1 to 99999');
      const items = await listItems(await context.api(), executionSummarySchema, '/api/v1/executions', {
        query: { status, skill, trigger },
        max: Number(limit),
      });
      const { out, columns } = context;
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0) return 'nothing yet; run a skill with alfred skill run SLUG';
        const isShort = columns !== undefined && columns < roomForIds;
        return renderTable(
          [
            { header: 'ID', paint: out.dim },
            { header: 'STARTED' },
            { header: 'SKILL', min: 8, paint: out.bold },
            { header: 'STATUS', paint: (cell) => paintStatus(cell, out) },
            { header: 'TOOK', align: 'right' },
            { header: 'TOKENS', align: 'right', dropOrder: 1 },
            { header: 'COST', align: 'right', dropOrder: 2 },
          ],
          items.map((each) => [
            isShort ? shortId(each.id) : each.id,
            formatTime(each.createdAt, context.now()),
            each.skillSlug,
            each.status,
            each.durationMs === null ? '' : formatDuration(each.durationMs),
            formatCount(each.tokenCount),
            describeCost(each).replace('no cost (rehearsal)', 'rehearsal'),
          ]),
          columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

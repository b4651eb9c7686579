import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

type Options = { action?: string; actor?: string; subject?: string; limit: string };

export function addAuditList(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'list',
    summary: 'who did what, the newest first',
    examples: [
      ['alfred audit list', 'the last 50 acts'],
      ['alfred audit list --action secret', 'secrets that were written or removed'],
      ['alfred audit list --subject anthropic_api_key', 'all that was done to one thing'],
    ],
    options: (command) => {
      command.option('--action <action>', 'an action, or the part before its dot');
      command.option('--actor <actor>', 'who did it');
      command.option('--subject <subject>', 'what it was done to');
      command.option('--limit <count>', 'how many at most', '50');
    },
    async run(context, _operands, { action, actor, subject, limit }) {
      if (!/^[1-9]\d{0,4}$/.test(limit))
        throw usageProblem(`--limit ${limit} is no count`, 'write a number from 1 to 99999');
      const items = await listItems(
        (await context.api()).listAudit,
        { query: { action, actor, subject } },
        { max: Number(limit) },
      );
      const { out, columns } = context;
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0) return 'nothing of that kind is on record';
        return renderTable(
          [
            { header: 'SEQ', align: 'right', paint: out.dim, dropOrder: 1 },
            { header: 'WHEN' },
            { header: 'WHO', min: 8 },
            { header: 'DID', paint: out.bold },
            { header: 'TO WHAT', min: 12 },
          ],
          items.map((each) => [
            String(each.seq),
            formatTime(each.at, context.now()),
            each.actor,
            each.action,
            each.subject ?? '',
          ]),
          columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

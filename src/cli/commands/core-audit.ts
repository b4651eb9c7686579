/** `alfred core audit …`: who did what at Core, and whether anybody changed that record. */
import type { Command } from 'commander';
import { actWords } from '../../contract/core-act-words.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageProblem } from '../problem.ts';
import { formatCount, formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addCoreAudit(noun: Command, dispatch: Dispatch): void {
  const audit = noun
    .command('audit')
    .description('who did what at Core, and whether anybody changed the record: for providers')
    .helpCommand(false);
  addList(audit, dispatch);
  addVerify(audit, dispatch);
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb<{ limit: string }>(noun, dispatch, {
    usage: 'list',
    summary: 'who did what, the newest first',
    examples: [['alfred core audit list', 'the last 50 acts']],
    options: (command) => command.option('--limit <count>', 'how many at most', '50'),
    async run(context, _operands, { limit }) {
      if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > 500)
        throw usageProblem(`--limit ${limit} is no count`, 'write a number from 1 to 500');
      const core = await context.core();
      const { items, names } = await core.listActs({ query: { limit: Number(limit) } });
      const { out, columns } = context;
      present(context, { items, names }, () =>
        items.length === 0
          ? 'nobody has done anything yet'
          : renderTable(
              [
                { header: 'SEQ', align: 'right', paint: out.dim, dropOrder: 1 },
                { header: 'WHEN' },
                { header: 'WHO', min: 8 },
                { header: 'DID', paint: out.bold },
                { header: 'TO WHAT', min: 12 },
                { header: 'HOW', min: 12 },
              ],
              items.map((act) => {
                const words = actWords(act, names);
                const when = formatTime(act.at, context.now());
                return [String(act.seq), when, words.who, words.did, words.what, words.how];
              }),
              columns,
              out.dim,
            ),
      );
      return undefined;
    },
  });
}

function addVerify(noun: Command, dispatch: Dispatch): void {
  addVerb<{ head?: string }>(noun, dispatch, {
    usage: 'verify',
    summary: 'see whether anybody changed the record',
    description:
      'Holds every act against the one before it; ends with 1 where one does not follow. Whoever can write the database can make the whole chain anew: keep the head that this prints elsewhere, and give it to a later look with --head.',
    examples: [
      ['alfred core audit verify', 'reads alone; Core goes on working meanwhile'],
      ['alfred core audit verify --head 3f2a…', 'and that act is still in it, at its place'],
    ],
    options: (command) => command.option('--head <sha256>', 'a head that an earlier look printed'),
    async run(context, _operands, { head }) {
      if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
        throw usageProblem('--head is no SHA-256', 'give all 64 digits that an earlier look printed');
      const core = await context.core();
      const result = await core.verifyActs({ query: { head } });
      const { out } = context;
      const isGood = result.ok && result.headSeen !== false;
      present(context, result, () => {
        if (!result.ok)
          return `${out.red('✗')} The record was changed: act ${result.firstBad} does not follow the one before it.`;
        if (!isGood)
          return `${out.red('✗')} The record is not the one of that head: it was cut off, or made anew.`;
        const since = result.headSeen === null ? '' : ', and that head is in it';
        return `${out.green('✓')} The record is as it was written: ${formatCount(result.acts)} acts${since}. Its head: ${result.head}`;
      });
      return isGood ? exitCodes.done : exitCodes.failed;
    },
  });
}

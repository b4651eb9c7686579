import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { shortId } from '../execution-id.ts';
import { formatTime, plural } from '../render/figures.ts';
import { proposalName, proposalWords } from '../render/proposal.ts';
import { renderTable } from '../render/table.ts';

/** More are not listed without --all. */
const most = 1000;

export function addProposalList(noun: Command, dispatch: Dispatch): void {
  addVerb<{ all?: boolean }>(noun, dispatch, {
    usage: 'list',
    summary: 'show the skills that were proposed and wait for you',
    examples: [
      ['alfred proposal list', 'those that wait'],
      ['alfred proposal list --all', 'also what was accepted and declined'],
    ],
    options: (command) => command.option('-a, --all', 'also those that were decided'),
    async run(context, _operands, { all = false }) {
      const api = await context.api();
      const query = all ? {} : { status: 'open' as const };
      const items = await listItems(api.listProposals, { query }, { max: most });
      const { out } = context;
      present(context, { items, nextCursor: null }, () =>
        items.length === 0
          ? 'nothing is proposed; teach something with alfred skill teach'
          : renderTable(
              [
                { header: 'ID', paint: out.dim },
                { header: 'PROPOSED' },
                { header: 'SKILL', min: 8, paint: out.bold },
                { header: 'WHAT' },
                { header: 'STATUS' },
                { header: 'TO LOOK AT', dropOrder: 1 },
              ],
              items.map((each) => [
                shortId(each.id),
                formatTime(each.createdAt, context.now()),
                `${each.slug} (${proposalName(each)})`,
                each.baseVersion === null ? 'new' : `a change of version ${each.baseVersion}`,
                proposalWords[each.status],
                each.risks.length === 0 ? '' : plural(each.risks.length, 'thing'),
              ]),
              context.columns,
              out.dim,
            ),
      );
      return undefined;
    },
  });
}

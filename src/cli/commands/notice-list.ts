import type { Command } from 'commander';
import { kindFacts } from '../../contract/channel-kinds.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { channelFields, standingOf } from '../render/channels.ts';
import { renderFields, renderTable } from '../render/table.ts';

export function addNoticeList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list [name]',
    summary: 'the channels that you are told by, how each stands, and what waits',
    examples: [
      ['alfred notice list', 'name, where to, last delivery, what waits and why'],
      ['alfred notice list phone', 'all of one: what it is told of, when, and how much'],
    ],
    async run(context, [name]) {
      const { items } = await (await context.api()).listChannels();
      const { out } = context;
      const now = context.now();
      if (name !== undefined) {
        const channel = items.find((one) => one.name === name);
        if (channel === undefined)
          throw new CliProblem('E_NOT_FOUND', `There is no channel ${name}`, {
            remedy: 'see them with alfred notice list',
          });
        present(context, channel, () => renderFields(channelFields(channel, now), out.dim));
        return undefined;
      }
      present(context, { items, nextCursor: null }, () =>
        items.length === 0
          ? 'no channels yet: nobody is told. alfred notice add phone --kind ntfy'
          : renderTable(
              [
                { header: 'NAME', min: 8, paint: out.bold },
                { header: 'KIND' },
                { header: 'TO', min: 10 },
                { header: 'STANDS', min: 12 },
              ],
              items.map((one) => [one.name, kindFacts(one.kind).label, one.place, standingOf(one, now)]),
              context.columns,
              out.dim,
            ),
      );
      return undefined;
    },
  });
}

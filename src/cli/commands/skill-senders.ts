import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderTable } from '../render/table.ts';

export function addSkillSenders(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'senders [word]',
    summary: 'programs that can call a webhook, by name',
    examples: [
      ['alfred skill senders', 'all of them'],
      ['alfred skill senders whatsapp', 'those that are called so, or speak for it'],
    ],
    async run(context, [word = '']) {
      const wanted = word.toLowerCase();
      const { items } = await (await context.api()).listSenders();
      const found = items.filter(({ auth, title, also }) =>
        [auth, title, ...also].some((name) => name.toLowerCase().includes(wanted)),
      );
      present(context, { items: found }, () =>
        renderTable(
          [
            { header: 'NAME', paint: context.out.bold },
            { header: 'SENDER' },
            { header: 'PROVED', dropOrder: 1 },
            { header: 'ALSO', min: 12, paint: context.out.dim },
          ],
          found.map(({ auth, title, words, also }) => [auth, title, words, also.join(', ')]),
          context.columns,
          context.out.dim,
        ),
      );
      context.note(context.err.dim('\n  use one with alfred skill hook SLUG --sender NAME'));
      return undefined;
    },
  });
}

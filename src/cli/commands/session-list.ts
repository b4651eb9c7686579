import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addSessionList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'who is signed in to the console: browser, address, since when',
    examples: [['alfred session list', 'with the ids that alfred session end takes']],
    async run(context) {
      const items = await listItems((await context.api()).listSessions, {});
      const { out } = context;
      const time = (iso: string) => formatTime(iso, context.now());
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0)
          return 'nobody is signed in; alfred status --link makes a link that signs you in';
        return renderTable(
          [
            { header: 'BROWSER', min: 8, paint: out.bold },
            { header: 'BY' },
            { header: 'FROM', min: 8 },
            { header: 'SINCE' },
            { header: 'SEEN' },
            { header: 'ID', paint: out.dim },
          ],
          items.map(({ id, browser, way, address, signedInAt, lastSeenAt }) => [
            browser,
            way ?? '',
            address ?? '',
            time(signedInAt),
            time(lastSeenAt),
            id,
          ]),
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

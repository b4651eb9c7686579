import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addPasskeyList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the passkeys that sign you in',
    examples: [['alfred passkey list', 'name, address, last use']],
    async run(context) {
      const answer = await (await context.api()).listPasskeys();
      const { out } = context;
      present(context, answer, ({ items }) => {
        if (items.length === 0) return 'no passkeys yet; alfred passkey add says where to add one';
        return renderTable(
          [
            { header: 'NAME', min: 8, paint: out.bold },
            { header: 'FOR', min: 8 },
            { header: 'ADDED' },
            { header: 'USED' },
            { header: 'ID', paint: out.dim },
          ],
          items.map(({ id, name, host, createdAt, lastUsedAt }) => [
            name,
            host,
            formatTime(createdAt, context.now()),
            lastUsedAt === null ? 'never' : formatTime(lastUsedAt, context.now()),
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

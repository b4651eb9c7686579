import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addTokenList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the tokens that other programs hold',
    examples: [['alfred token list', 'name, scopes, last use; never the token itself']],
    async run(context) {
      const items = await listItems((await context.api()).listTokens, {});
      const { out } = context;
      const time = (iso: string | null, none: string) =>
        iso === null ? none : formatTime(iso, context.now());
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0) return 'no tokens yet; make one with alfred token create NAME --scope read';
        return renderTable(
          [
            { header: 'NAME', min: 8, paint: out.bold },
            { header: 'MAY', min: 8 },
            { header: 'USED' },
            { header: 'EXPIRES' },
            { header: 'ID', paint: out.dim },
          ],
          items.map((token) => [
            token.name,
            token.skills === null ? token.scopes.join(' ') : `run: ${token.skills.join(' ')}`,
            time(token.lastUsedAt, 'never'),
            time(token.expiresAt, 'never'),
            token.id,
          ]),
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

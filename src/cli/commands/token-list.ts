import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addTokenList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the tokens that other programs hold, and the apps that you let in by OAuth',
    examples: [['alfred token list', 'name, what it may, last use; never the token itself']],
    async run(context) {
      const api = await context.api();
      const items = await listItems(api.listTokens, {});
      const apps = await listItems(api.listApps, {});
      const { out } = context;
      const time = (iso: string | null, none: string) =>
        iso === null ? none : formatTime(iso, context.now());
      present(context, { items, apps, nextCursor: null }, () => {
        if (items.length + apps.length === 0)
          return 'no tokens yet; make one with alfred token create NAME --scope read';
        return renderTable(
          [
            { header: 'NAME', min: 8, paint: out.bold },
            { header: 'MAY', min: 8 },
            { header: 'USED' },
            { header: 'EXPIRES' },
            { header: 'ID', paint: out.dim },
          ],
          [
            ...items.map((token) => [
              token.name,
              token.skills === null ? token.scopes.join(' ') : `run: ${token.skills.join(' ')}`,
              time(token.lastUsedAt, 'never'),
              time(token.expiresAt, 'never'),
              token.id,
            ]),
            ...apps.map((app) => [
              `${app.name} (app)`,
              app.skills === null ? 'run at /mcp' : `run: ${app.skills.join(' ')}`,
              time(app.lastUsedAt, 'never'),
              time(app.expiresAt, 'never'),
              app.id,
            ]),
          ],
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

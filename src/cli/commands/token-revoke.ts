import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { oneLine } from '../render/text.ts';

export function addTokenRevoke(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'revoke <token>',
    summary: 'end a token, or shut out an app, at once: named by its id or its name',
    examples: [['alfred token revoke laptop', 'the next request with it is refused']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [named = ''], { yes }) {
      const api = await context.api();
      const tokens = [
        ...(await listItems(api.listTokens, {})).map(({ id, name }) => ({ id, name, isApp: false })),
        ...(await listItems(api.listApps, {})).map(({ id, name }) => ({ id, name, isApp: true })),
      ];
      const fitting = tokens.filter(({ id, name }) => id === named || name === named);
      const [token] = fitting;
      if (!token || fitting.length > 1) {
        throw new CliProblem(
          'E_NOT_FOUND',
          fitting.length > 1
            ? `${fitting.length} of them are named ${named}`
            : `There is no token and no app ${named}`,
          {
            remedy: 'see their ids with alfred token list',
          },
        );
      }
      await confirmOrStop(
        context,
        `revoke ${oneLine(token.name)}? whoever uses it is locked out at once`,
        yes === true,
      );
      const params = { id: token.id };
      await (token.isApp ? api.revokeApp({ params }) : api.revokeToken({ params }));
      present(
        context,
        { revoked: token.id },
        () => `${context.out.green('✓')} ${context.out.bold(oneLine(token.name))} is revoked`,
      );
      return undefined;
    },
  });
}

/** `alfred core token …`: the provider's tokens for programs, each with a role and an end. */
import type { Command } from 'commander';
import { coreRoles } from '../../contract/core-people.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addCoreToken(noun: Command, dispatch: Dispatch): void {
  const token = noun
    .command('token')
    .description('tokens for programs, each with a role and an end: for providers')
    .helpCommand(false);
  addCreate(token, dispatch);
  addList(token, dispatch);
  addEnd(token, dispatch);
}

function addCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<{ role?: string; days?: string }>(noun, dispatch, {
    usage: 'create <name>',
    summary: 'a token with a role and an end; shown this once',
    examples: [
      ['alfred core token create prometheus --role metrics --days 365', 'reads /metrics, and nothing else'],
      ['alfred core token create "the books" --role billing', 'good for ninety days'],
    ],
    options: (command) =>
      command
        .option('--role <role>', `one of ${coreRoles.join(', ')}`)
        .option('--days <number>', 'how long it is good; 90 when left out'),
    async run(context, [name = ''], { role, days = '90' }) {
      const known = coreRoles.find((one) => one === role);
      if (known === undefined) throw usageProblem('Say what it may do', `--role ${coreRoles.join('|')}`);
      const core = await context.core();
      const made = await core.createToken({ body: { name, role: known, days: Number(days) } });
      present(context, made, ({ token }) => token);
      context.note(context.err.dim(`${known}, until ${formatTime(made.expiresAt ?? '', context.now())}`));
      return undefined;
    },
  });
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the tokens that are good',
    examples: [['alfred core token list', 'their roles and ends, never themselves']],
    async run(context) {
      const { items } = await (await context.core()).listTokens();
      const { out, columns } = context;
      present(context, { items }, () =>
        renderTable(
          [
            { header: 'NAME', min: 10, paint: out.bold },
            { header: 'ROLE' },
            { header: 'ID' },
            { header: 'UNTIL' },
          ],
          items.map(({ id, name, role, expiresAt }) => [
            name,
            role,
            id,
            expiresAt === null ? 'it is replaced' : formatTime(expiresAt, context.now()),
          ]),
          columns,
          out.dim,
        ),
      );
      return undefined;
    },
  });
}

function addEnd(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'end <id>',
    summary: 'end a token, and all that was opened or made with it',
    examples: [['alfred core token end 0199…', 'its id, as alfred core token list shows it']],
    async run(context, [id = '']) {
      await (await context.core()).endToken({ params: { id } });
      present(context, { id }, () => `${context.out.green('✓')} ended`);
      return undefined;
    },
  });
}

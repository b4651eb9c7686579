import type { Command } from 'commander';
import { scopes } from '../../contract/common.ts';
import { tokenInputSchema } from '../../contract/tokens.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';

const unitMs: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** When a token made now with `--expires 30d` ends; undefined for `never`. */
function readExpiry(text: string, now: Date): string | undefined {
  if (text === 'never') return undefined;
  const match = /^(\d{1,4})([hdw])$/.exec(text);
  const unit = unitMs[match?.[2] ?? ''];
  if (!match || unit === undefined)
    throw usageProblem(`--expires ${text} is no time`, 'write 12h, 30d, 8w or never');
  return new Date(now.getTime() + Number(match[1]) * unit).toISOString();
}

export function addTokenCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<{ scope?: string[]; skill?: string[]; expires: string }>(noun, dispatch, {
    usage: 'create <name>',
    summary: 'make a token for another program; it is shown this once',
    examples: [
      ['alfred token create laptop --scope read --scope run', 'good for 90 days'],
      [
        'alfred token create editor --scope run --skill weekly-report',
        'for a program that runs one skill, as by MCP',
      ],
    ],
    options: (command) =>
      command
        .option('--scope <scope>', `what it may do: ${scopes.join(', ')} (again for more)`, collect)
        .option('--skill <slug>', 'may run this skill, and nothing else (again for more)', collect)
        .option('--expires <time>', 'how long it is good for: 12h, 30d, 8w, never', '90d'),
    async run(context, [name = ''], { scope, skill, expires }) {
      const expiresAt = readExpiry(expires, context.now());
      const input = tokenInputSchema.safeParse({
        name,
        scopes: scope ?? (skill === undefined ? [] : ['run']),
        ...(skill === undefined ? {} : { skills: skill }),
        ...(expiresAt ? { expiresAt } : {}),
      });
      if (!input.success) {
        throw usageProblem(
          scope === undefined && skill === undefined
            ? 'A token needs at least one scope'
            : (input.error.issues[0]?.message ?? 'The token is not right'),
          `--scope takes ${scopes.join(', ')}`,
        );
      }
      const token = await (await context.api()).createToken({ body: input.data });
      present(context, token, () => token.token);
      const until =
        token.expiresAt === null ? 'without an end' : `until ${formatTime(token.expiresAt, context.now())}`;
      const what = token.skills === null ? token.scopes.join(', ') : `runs ${token.skills.join(', ')}`;
      context.note(context.err.dim(`  ${what}, ${until}; it is not shown again`));
      return undefined;
    },
  });
}

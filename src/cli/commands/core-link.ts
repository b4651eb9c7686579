import type { Command } from 'commander';
import { linkInputSchema } from '../../contract/core.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { renderLink } from '../render/core.ts';
import { readSecrets } from '../secrets.ts';

const tokenName = 'enrolment token';

export function addCoreLink(noun: Command, dispatch: Dispatch): void {
  addVerb<{ secretStdin?: boolean; secretFile?: string }>(noun, dispatch, {
    usage: 'link <url>',
    summary: 'enrol at a Core, with a one-time token that it gave you',
    description:
      'Core is sent the token and a bcrypt hash, and from then on three numbers: executions, their duration, tokens. alfred core preview shows them first. Its key is pinned.',
    examples: [
      ['alfred core link https://core.example.org', 'asks for the token'],
      ['alfred core link https://core.example.org --secret-stdin < token', 'takes it from standard input'],
    ],
    options: (command) =>
      command
        .option('--secret-stdin', 'read the token from standard input')
        .option('--secret-file <path>', 'read the token from a file'),
    async run(context, [url = ''], { secretStdin = false, secretFile }) {
      const api = await context.api();
      const secrets = await readSecrets(context, {
        names: [tokenName],
        files: secretFile === undefined ? [] : [`${tokenName}=${secretFile}`],
        stdin: secretStdin,
      });
      const input = linkInputSchema.safeParse({ url, enrollmentToken: (secrets[tokenName] ?? '').trim() });
      if (!input.success) {
        const [issue] = input.error.issues;
        // The token itself is never shown.
        const what = issue?.path[0] === 'url' ? 'address of Core' : tokenName;
        throw usageProblem(`The ${what} is not right`, issue?.message);
      }
      const link = await api.linkCore({ body: input.data });
      present(context, link, () => renderLink(link, context.out, context.now()));
      return undefined;
    },
  });
}

import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { readText } from '../json-input.ts';
import { usageProblem } from '../problem.ts';
import { curlCommand } from '../render/curl.ts';
import { formatTime } from '../render/figures.ts';

type Options = { body?: string; bodyFile?: string; contentType?: string };

export function addSkillCurl(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'curl <slug>',
    summary: 'a curl command that triggers a skill’s webhook, signed',
    description:
      'Prints a command to paste into a shell. The VM signs it, so that the secret is not in it; a bearer hook’s command asks for its token. A signature with a time in it holds for five minutes.',
    examples: [
      ['alfred skill curl on-payment', 'with a body that fits the skill'],
      [`alfred skill curl on-payment --body '{"total": 12}'`, 'with one of your own'],
      ['alfred skill curl on-payment | sh', 'sends it at once'],
    ],
    options: (command) =>
      command
        .option('--body <text>', 'what to send')
        .option('--body-file <file>', 'the same from a file; - for standard input')
        .option('--content-type <type>', 'of the body (application/json)'),
    async run(context, [slug = ''], { body, bodyFile, contentType }) {
      if (body !== undefined && bodyFile !== undefined) {
        throw usageProblem('--body and --body-file say the same thing twice', 'use one of them');
      }
      const text = bodyFile === undefined ? body : await readText(context, bodyFile);
      const sample = await (await context.api()).sampleDelivery({
        params: { slug },
        body: {
          ...(text === undefined ? {} : { body: text }),
          ...(contentType === undefined ? {} : { contentType }),
        },
      });
      const command = curlCommand(sample);
      present(context, { ...sample, command }, () => command);
      if (sample.expiresAt !== null) {
        context.note(
          context.err.dim(`  signed now; it holds until ${formatTime(sample.expiresAt, context.now())}`),
        );
      }
      return undefined;
    },
  });
}

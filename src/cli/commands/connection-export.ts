import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { plural } from '../render/figures.ts';

type Options = { out?: string; force?: boolean };

export function addConnectionExport(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'export',
    summary: 'write all connections as mcpServers JSON, without secrets',
    description:
      'What other programs read stands under mcpServers, with ${NAME} in the place of each secret; HTTP APIs, which they do not have, stand under httpApis. alfred connection import takes it back.',
    examples: [
      ['alfred connection export --out connections.json', 'a file that holds no secret'],
      ['alfred connection export | ssh other npx alfred connection import - --apply', 'to another machine'],
    ],
    options: (command) =>
      command
        .option('-o, --out <file>', 'standard output when left out')
        .option('--force', 'write over a file that is there'),
    async run(context, _operands, { out, force }) {
      const exported = await (await context.api()).exportConnections();
      const text = JSON.stringify(exported, null, 2);
      if (out === undefined || out === '-') {
        present(context, exported, () => text);
        return undefined;
      }
      try {
        await writeFile(out, `${text}\n`, { flag: force === true ? 'w' : 'wx', mode: 0o600 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new CliProblem('E_CONFLICT', `${out} is there already`, {
          remedy: 'use --force to write over it',
        });
      }
      const count = Object.keys(exported.mcpServers).length + Object.keys(exported.httpApis ?? {}).length;
      const { green } = context.out;
      present(
        context,
        exported,
        () => `${green('✓')} ${plural(count, 'connection')} without secrets in ${out}`,
      );
      return undefined;
    },
  });
}

import { Argument, type Command, Option } from 'commander';
import { settings } from '../../config/known-keys.ts';
import { listItems } from '../../contract/list-items.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { type NamedKind, namedKinds, placesOf } from '../completion/words.ts';
import { zshScript } from '../completion/zsh.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

const isShell = (name: string | undefined): name is keyof typeof scripts =>
  name !== undefined && Object.hasOwn(scripts, name);

const readNames: Record<NamedKind, (api: Api) => Promise<string[]>> = {
  skill: async (api) => (await listItems(api.listSkills, {})).map(({ slug }) => slug),
  connection: async (api) => (await listItems(api.listConnections, {})).map(({ name }) => name),
  key: async () => Object.keys(settings),
};

async function printNames(context: Context, kind: NamedKind): Promise<void> {
  const names = await readNames[kind](await context.api());
  present(context, { items: names }, () => names.join('\n'));
}

export function addCompletion(program: Command, dispatch: Dispatch): void {
  addVerb<{ names?: NamedKind }>(program, dispatch, {
    usage: 'completion',
    summary: 'a script that has your shell complete what you type',
    examples: [
      ['source <(alfred completion bash)', 'in ~/.bashrc; for zsh likewise, in ~/.zshrc behind compinit'],
      ['alfred completion fish > ~/.config/fish/completions/alfred.fish', 'fish reads it by itself'],
    ],
    options: (command) =>
      command
        .addArgument(new Argument('[shell]', 'your shell').choices(Object.keys(scripts)))
        .addOption(
          new Option('--names <kind>', 'print the names there are, as the scripts ask for them').choices(
            namedKinds,
          ),
        ),
    async run(context, [shell], { names }) {
      if (names !== undefined) {
        await printNames(context, names);
      } else if (isShell(shell)) {
        const script = scripts[shell](placesOf(program));
        present(context, { shell, script }, () => script.trimEnd());
      } else {
        throw usageProblem('which shell?', 'alfred completion bash, zsh or fish');
      }
      return undefined;
    },
  });
}

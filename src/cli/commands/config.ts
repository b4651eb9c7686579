/** `alfred config …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { describeEntry, readConfigEntries } from '../config-entries.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { clean } from '../render/text.ts';
import { addConfigList } from './config-list.ts';
import { addConfigSet } from './config-set.ts';

export function addConfigCommands(noun: Command, dispatch: Dispatch): void {
  addConfigList(noun, dispatch);
  addConfigGet(noun, dispatch);
  addConfigSet(noun, dispatch);
}

function addConfigGet(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'get <key>',
    summary: 'one setting; a secret only as its fingerprint',
    examples: [['alfred config get model', 'prints the value']],
    async run(context, [key = '']) {
      const entry = (await readConfigEntries(await context.api())).find((each) => each.key === key);
      if (!entry)
        throw new CliProblem('E_NOT_FOUND', `${key} is not set`, {
          remedy: 'see what is with alfred config list',
        });
      present(context, entry, () => clean(describeEntry(entry)));
      return undefined;
    },
  });
}

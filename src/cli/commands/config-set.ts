import type { Command } from 'commander';
import { configKeySchema, isSecretKey } from '../../contract/config.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { readText } from '../json-input.ts';
import { usageProblem } from '../problem.ts';
import { clean } from '../render/text.ts';
import { readSecrets } from '../secrets.ts';

type Options = { secretStdin?: boolean; secretFile?: string; file?: string; unset?: boolean };

export function addConfigSet(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'set <key> [value]',
    summary: 'change a setting; a secret is asked for, never given as an argument',
    description:
      'Keys that end in _secret, _key, _token or _password (public keys aside) are sealed and can never be read back.',
    examples: [
      ['alfred config set anthropic_api_key', 'asks for the key without showing it'],
      ['alfred config set model claude-sonnet-4-5', 'a setting that is no secret'],
      ['alfred config set model --unset', 'back to the default'],
      ['alfred config list --known', 'every setting that there is'],
    ],
    options: (command) =>
      command
        .option('--secret-stdin', 'read the secret from standard input')
        .option('--secret-file <path>', 'read the secret from a file')
        .option('--file <path>', 'read a value that is no secret from a file; - for standard input')
        .option('--unset', 'remove the setting'),
    async run(context, [key = '', value], options) {
      const name = configKeySchema.safeParse(key);
      if (!name.success) throw usageProblem(`${key} is no key: ${name.error.issues[0]?.message ?? ''}`);
      const { out } = context;
      if (options.unset === true) {
        await (await context.api()).deleteConfig({ params: { key } });
        present(context, { key, unset: true }, () => `${out.green('✓')} ${out.bold(key)} is unset`);
        return undefined;
      }
      const isSecret = isSecretKey(key);
      if (isSecret && value !== undefined) {
        throw usageProblem(
          `${key} is a secret, and other processes can read a command line`,
          `write alfred config set ${key} to be asked for it, or use --secret-stdin or --secret-file`,
        );
      }
      let text = value;
      if (isSecret || options.secretStdin === true || options.secretFile !== undefined) {
        const files = options.secretFile === undefined ? [] : [`${key}=${options.secretFile}`];
        text = (await readSecrets(context, { names: [key], files, stdin: options.secretStdin === true }))[
          key
        ];
      } else if (options.file !== undefined) {
        text = (await readText(context, options.file)).replace(/\r?\n$/, '');
      }
      if (text === undefined)
        throw usageProblem(`There is no value for ${key}`, `alfred config set ${key} VALUE`);
      const api = await context.api();
      const { warnings = [] } = await api.putConfig({ params: { key }, body: { value: text } });
      present(
        context,
        { key, set: true, sealed: isSecret, ...(warnings.length > 0 ? { warnings } : {}) },
        () => `${out.green('✓')} ${out.bold(key)} is ${isSecret ? 'sealed' : 'set'}`,
      );
      for (const warning of warnings) context.note(`${context.err.yellow('!')} ${clean(warning)}`);
      return undefined;
    },
  });
}

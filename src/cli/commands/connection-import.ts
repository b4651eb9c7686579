import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ConnectionPreview, ImportResult } from '../../contract/imports.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, columnsOf, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../json-input.ts';
import { missingSeparator, usageProblem } from '../problem.ts';
import { askText, askYes } from '../prompts.ts';
import { quoteWord } from '../render/connection.ts';
import { plural } from '../render/figures.ts';
import { renderImport } from '../render/import.ts';

type Options = { apply?: boolean; yes?: boolean; only?: string[] };

export function addConnectionImport(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'import [source...]',
    summary: 'take in what other programs have set up, a command line or a URL',
    description:
      'The source is a file (JSON, YAML or TOML of any known program), - for standard input, an address or link, or a command after --; without one, you are asked to paste it. Shows first what would run or be called and what looks like a secret. Nothing is saved without --apply or your yes, and nothing is started before you approve it.',
    examples: [
      ['alfred connection import ~/.cursor/mcp.json', 'shows what it holds, and asks'],
      ['alfred connection import .mcp.json --apply --only github', 'for a script: saves one of them'],
      ['alfred connection import -- npx -y some-mcp-server ~/Notes', 'a command, as a README prints it'],
      ['pbpaste | alfred connection import -', 'what was copied; a line with a secret goes this way'],
    ],
    options: (command) =>
      command
        .option('--apply', 'save what the preview shows; still nothing is started')
        .option('-y, --yes', 'the same')
        .option('--only <name>', 'take this one alone, by the name that the preview shows', collect),
    async run(context, words, { apply, yes, only }) {
      const { text, isTyped } = await readSource(context, words);
      const api = await context.api();
      const body = { text, ...(only === undefined ? {} : { only }) };
      const preview = await api.importConnections({ body });
      const columns = Math.min(columnsOf(context.stderr) ?? 100, 100);
      const isSure = apply === true || yes === true;
      if (!isSure && !(context.canAsk && !context.json)) {
        present(context, preview, () => renderImport(preview, context.out, context.columns ?? 100));
        if (preview.previews.length > 0)
          context.note(context.err.dim('\nnothing is saved yet; save them with --apply'));
        return preview.previews.length === 0 ? exitCodes.failed : undefined;
      }
      context.note(`\n${renderImport(preview, context.err, columns)}\n`);
      if (isTyped && preview.previews.some(({ values }) => values.some(({ secret }) => secret))) {
        context.note(
          `${context.err.yellow('!')} a secret stood on the command line: other processes and the shell’s history may have it`,
        );
      }
      if (preview.previews.length === 0) {
        present(context, preview, () => '');
        return exitCodes.failed;
      }
      const question = `save ${plural(preview.previews.length, 'connection')}? nothing is started yet`;
      if (!isSure && !(await askYes(context, question))) {
        context.note('nothing was saved');
        return exitCodes.refused;
      }
      const result = await api.importConnections({ body: { ...body, apply: true } });
      present(context, result, () => saved(context, result));
      for (const one of result.previews) if (result.saved.includes(one.name)) sayWhatIsNext(context, one);
      return result.saved.length === 0 ? exitCodes.failed : undefined;
    },
  });
}

/** @returns `isTyped` where it came as words of the command line */
async function readSource(context: Context, words: string[]): Promise<{ text: string; isTyped: boolean }> {
  const [source, ...more] = words;
  if (source === undefined) {
    if (!context.canAsk) return { text: await readText(context, '-'), isTyped: false };
    const asked = 'paste a command (npx …, uvx …, docker run …), an address, or JSON on one line';
    return { text: await askText(context, asked), isTyped: false };
  }
  if (context.argv.includes('--')) return { text: words.map(quoteWord).join(' '), isTyped: true };
  if (more.length > 0) {
    // One quoted line is one word; several are a command whose options would be taken for ours.
    throw usageProblem(missingSeparator().message, 'alfred connection import -- npx -y some-mcp-server');
  }
  if (source === '-') return { text: await readText(context, '-'), isTyped: false };
  const isLine =
    /^https?:\/\/|[\s{]/i.test(source) && (await stat(source).catch(() => undefined)) === undefined;
  if (isLine) return { text: source, isTyped: true };
  return { text: await readText(context, source), isTyped: false };
}

function saved(context: Context, { saved: names, refused }: ImportResult): string {
  const { out } = context;
  return [
    ...names.map((name) => `${out.green('✓')} ${out.bold(name)} is saved, not yet approved`),
    ...(names.length === 0 && refused.length > 0 ? [`${out.red('✗')} nothing could be saved`] : []),
  ].join('\n');
}

/** The two steps that are left for a person: what is missing, and the approval. */
function sayWhatIsNext(context: Context, { name, missing }: ConnectionPreview): void {
  const loose = missing.filter((field) => !field.startsWith('/config/auth/'));
  const names = loose.map((field) =>
    quoteWord(field.slice(field.lastIndexOf('/') + 1).replaceAll('~1', '/')),
  );
  const { dim } = context.err;
  if (names.length > 0)
    context.note(
      dim(`  enter what is missing: alfred connection edit ${name} --secret ${names.join(' --secret ')}`),
    );
  if (loose.length < missing.length)
    context.note(dim(`  enter its login: alfred connection edit ${name} --auth KIND`));
  context.note(dim(`  allow it: alfred connection approve ${name}`));
}

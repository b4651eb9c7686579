import type { Command } from 'commander';
import type { KnownSetting } from '../../contract/config.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { describeEntry, readConfigEntries } from '../config-entries.ts';
import { type Context, present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

type Options = { known?: boolean };

export function addConfigList(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'list',
    summary: 'what is set, secrets as fingerprints; or all that can be',
    examples: [
      ['alfred config list', 'key, value, when it was set'],
      ['alfred config list --known', 'every setting, with what it does and what holds now'],
    ],
    options: (command) =>
      command.option('--known', 'every setting that the VM reads, whether it is set or not'),
    async run(context, _operands, { known }) {
      await (known === true ? listKnown(context) : listSet(context));
      return undefined;
    },
  });
}

async function listSet(context: Context): Promise<void> {
  const items = await readConfigEntries(await context.api());
  const { out } = context;
  present(context, { items, nextCursor: null }, () =>
    renderTable(
      [
        { header: 'KEY', paint: out.bold },
        { header: 'VALUE', min: 12 },
        { header: 'SET', dropOrder: 1, paint: out.dim },
      ],
      items.map((entry) => [entry.key, describeEntry(entry), formatTime(entry.updatedAt, context.now())]),
      context.columns,
      out.dim,
    ),
  );
}

const defaultOf = ({ default: value, otherwise }: KnownSetting): string => otherwise ?? value ?? '';

async function listKnown(context: Context): Promise<void> {
  const api = await context.api();
  const [{ items }, entries] = [await api.listSettings(), await readConfigEntries(api)];
  const set = new Map(entries.map((entry) => [entry.key, describeEntry(entry)]));
  const { out } = context;
  const known = items.map((setting) => ({ ...setting, value: set.get(setting.key) ?? null }));
  present(context, { items: known }, () =>
    renderTable(
      [
        { header: 'KEY', paint: out.bold },
        {
          header: 'VALUE',
          min: 12,
          paint: (cell, row) => (known[row]?.value == null ? out.dim(cell) : cell),
        },
        { header: 'COUNTS', dropOrder: 1, paint: out.dim },
        { header: 'WHAT IT DOES', min: 24 },
      ],
      known.map((setting) => [
        setting.key,
        setting.value ?? `(${defaultOf(setting)})`,
        setting.unit ?? '',
        setting.words,
      ]),
      context.columns,
      out.dim,
    ),
  );
}

/** `alfred core bill …`: what is billed with a month, and what a person corrects. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type BillingEntry, correctionSchema } from '../../contract/fleet.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { findVm, nameOf } from '../core-vms.ts';
import { CliProblem, refusedProblem, usageProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { formatCount, formatDuration, plural } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';
import { monthNamed } from './core-vm.ts';

export function addCoreBill(noun: Command, dispatch: Dispatch): void {
  const bill = noun
    .command('bill')
    .description('months: what is billed with each, closed and corrected: for providers')
    .helpCommand(false);
  addShow(bill, dispatch);
  addClose(bill, dispatch);
  addExport(bill, dispatch);
  addCorrect(bill, dispatch);
}

function addShow(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'show [month]',
    summary: 'what is billed with a month, by customer; this one when left out',
    examples: [['alfred core bill show 2026-10', 'and whether it is closed']],
    async run(context, [text]) {
      const month = monthNamed(text ?? context.now().toISOString().slice(0, 7));
      const core = await context.core();
      const [billing, users] = [await core.readBilling({ query: { to: month } }), await core.listUsers()];
      const logins = new Map(users.items.map((user) => [user.id, user]));
      const { out, columns } = context;
      present(context, billing, ({ items, closed }) => {
        const state = closed.includes(month) ? 'closed: its totals change no more' : 'open';
        if (items.length === 0) return `nothing is billed with ${month} (${state})`;
        const rows = byCustomer(items).map(({ ownerId, vms, executions, durationMs, tokens }) => {
          const user = logins.get(ownerId ?? '');
          const login = user?.login ?? (ownerId === null ? 'nobody' : `removed, ${ownerId.slice(-8)}`);
          return [
            login,
            user?.customerNumber ?? '',
            formatCount(vms),
            formatCount(executions),
            formatDuration(durationMs),
            formatCount(tokens),
          ];
        });
        const table = renderTable(
          [
            { header: 'CUSTOMER', min: 10, paint: out.bold },
            { header: 'NUMBER' },
            { header: 'VMS', align: 'right' },
            { header: 'EXECUTIONS', align: 'right' },
            { header: 'DURATION', align: 'right' },
            { header: 'TOKENS', align: 'right' },
          ],
          rows,
          columns,
          out.dim,
        );
        return `${table}\n${out.dim(`${month} is ${state}`)}`;
      });
      return undefined;
    },
  });
}

type Sum = { ownerId: string | null; vms: number; executions: number; durationMs: number; tokens: number };

function byCustomer(items: readonly BillingEntry[]): Sum[] {
  const sums = new Map<string | null, Sum & { seen: Set<string> }>();
  for (const { ownerId, vmId, executions, durationMs, tokens } of items) {
    const sum = sums.get(ownerId) ?? {
      ownerId,
      vms: 0,
      executions: 0,
      durationMs: 0,
      tokens: 0,
      seen: new Set(),
    };
    sum.seen.add(vmId);
    sum.vms = sum.seen.size;
    sum.executions += executions;
    sum.durationMs += durationMs;
    sum.tokens += tokens;
    sums.set(ownerId, sum);
  }
  return [...sums.values()].sort((a, b) => b.tokens - a.tokens);
}

function addClose(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'close <month>',
    summary: 'close a month that is over: its totals change no more',
    description:
      'What is reported of it later, and what is corrected, is billed with the month in which that happens.',
    examples: [
      ['alfred core bill close 2026-10', 'asks first'],
      ['alfred core bill close 2026-10 --yes', 'by a timer'],
    ],
    options: (command) => command.option('--yes', 'close it without asking'),
    async run(context, [text = ''], { yes = false }) {
      const month = monthNamed(text);
      if (!yes && (context.json || !context.canAsk))
        throw refusedProblem(`${month} would be closed, for good`, 'say --yes if it shall');
      if (!yes && !(await askYes(context, `close ${month}, for good?`)))
        throw refusedProblem('nothing was changed');
      const closed = await (await context.core()).closeMonth({ params: { month } });
      present(context, closed, () => `${context.out.green('✓')} ${month} is closed`);
      return undefined;
    },
  });
}

function addExport(noun: Command, dispatch: Dispatch): void {
  addVerb<{ format?: string; to?: string }>(noun, dispatch, {
    usage: 'export <month>',
    summary: 'a month’s bills by day, customer and VM: CSV, or one JSON document a line',
    examples: [
      ['alfred core bill export 2026-10 --to october.csv', 'a table, with your own customer numbers'],
      ['alfred core bill export 2026-10 --format ndjson | jq .tokens', 'to a program'],
    ],
    options: (command) =>
      command
        .option('--format <format>', 'csv or ndjson; csv when left out')
        .option('--to <file>', 'a file that is not there yet; standard output when left out'),
    async run(context, [text = ''], { format = 'csv', to }) {
      const month = monthNamed(text);
      if (format !== 'csv' && format !== 'ndjson')
        throw usageProblem(`--format ${format} is none`, 'write csv or ndjson');
      const bills = await (await context.core()).exportBills({ params: { month }, query: { format } });
      if (to === undefined) {
        context.stdout.write(bills);
        return undefined;
      }
      await writeNew(to, bills);
      const lines = bills.split('\n').length - (format === 'csv' ? 2 : 1);
      present(
        context,
        { file: to, lines },
        () => `${context.out.green('✓')} ${to}: ${plural(lines, 'line')}`,
      );
      return undefined;
    },
  });
}

/** @throws CliProblem E_CONFLICT when there is one of this name */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await pipeline([text], createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new CliProblem('E_CONFLICT', `${file} is there already, and is not written over`, { cause: error });
  }
}

type CorrectOptions = {
  day?: string;
  executions?: string;
  durationMs?: string;
  tokens?: string;
  note?: string;
};

function addCorrect(noun: Command, dispatch: Dispatch): void {
  addVerb<CorrectOptions>(noun, dispatch, {
    usage: 'correct <vm>',
    summary: 'add something to a VM’s bill, or take something off it',
    description:
      'An entry of its own, on record: with the month of its day, and when that is closed with this one. It is billed to whoever had the VM that day.',
    examples: [
      [
        'alfred core bill correct Bern --day 2026-10-14 --tokens=-1200 --note outage',
        'takes 1,200 tokens off',
      ],
    ],
    options: (command) =>
      command
        .option('--day <day>', 'what it is about, in UTC: 2026-10-14; today when left out')
        .option('--executions <number>', 'how many more; fewer with =-')
        .option('--duration-ms <number>', 'how much longer, in milliseconds')
        .option('--tokens <number>', 'how many more')
        .option('--note <text>', 'why, in a few words'),
    async run(context, [text = ''], options) {
      const core = await context.core();
      const vm = await findVm(core, text);
      const body = correctionOf(context, vm.vmId, options);
      const made = await core.correctBill({ body });
      present(
        context,
        made,
        ({ billedIn }) => `${context.out.green('✓')} ${nameOf(vm)}: billed with ${billedIn}`,
      );
      return undefined;
    },
  });
}

/** @throws CliProblem E_USAGE naming the option that does not fit */
function correctionOf(context: Context, vmId: string, options: CorrectOptions) {
  const { day = context.now().toISOString().slice(0, 10), note, ...numbers } = options;
  const given = Object.entries(numbers).map(([name, value]) => [name, Number(value)] as const);
  const body = correctionSchema.safeParse({
    vmId,
    day,
    ...Object.fromEntries(given),
    ...(note === undefined ? {} : { note }),
  });
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  const option = String(issue?.path[0] ?? '').replace('durationMs', 'duration-ms');
  throw usageProblem(`--${option}: ${issue?.message ?? 'does not fit'}`);
}

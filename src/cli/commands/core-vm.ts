/** `alfred core vm …`: the fleet, and one VM of it. */
import type { Command } from 'commander';
import { type FleetQuery, fleetQuerySchema, fleetSorts, monthSchema } from '../../contract/fleet.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { findVm } from '../core-vms.ts';
import { usageProblem } from '../problem.ts';
import { renderFleet, renderVm } from '../render/core-fleet.ts';
import { addVmChanges } from './core-vm-change.ts';

const states = fleetQuerySchema.shape.state.unwrap().options;

export function addCoreVm(noun: Command, dispatch: Dispatch): void {
  const vm = noun
    .command('vm')
    .description('the fleet: who reports, what it did, and what is done with it: for providers')
    .helpCommand(false);
  addList(vm, dispatch);
  addShow(vm, dispatch);
  addVmChanges(vm, dispatch);
}

type ListOptions = { state?: string; find?: string; month?: string; sort?: string; limit?: string };

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb<ListOptions>(noun, dispatch, {
    usage: 'list',
    summary: 'the VMs, what needs somebody first, with what is billed of each with a month',
    examples: [
      ['alfred core vm list --state attention', 'those that somebody must look into'],
      ['alfred core vm list --find K-104 --month 2026-10', 'by a part of a name, a login, a number or an id'],
      ['alfred core vm list --sort tokens', 'the most first'],
    ],
    options: (command) =>
      command
        .option('--state <state>', `one of ${states.join(', ')}`)
        .option('--find <text>', 'a part of a name, a login, a customer number or an id')
        .option('--month <month>', 'whose figures, in UTC: 2026-10; this one when left out')
        .option('--sort <by>', `one of ${fleetSorts.join(', ')}`)
        .option('--limit <number>', 'how many at most; 1000 when left out'),
    async run(context, _operands, options) {
      const fleet = await (await context.core()).readFleet({ query: queryOf(options) });
      present(context, fleet, () => renderFleet(context, fleet, options.state));
      return undefined;
    },
  });
}

/** @throws CliProblem E_USAGE for a word that is none */
function queryOf({ state, find, month, sort, limit = '1000' }: ListOptions): FleetQuery {
  const isNumber = sort !== undefined && !['attention', 'label', 'owner'].includes(sort);
  const query = fleetQuerySchema.safeParse({
    q: find ?? '',
    limit,
    ...(state === undefined ? {} : { state }),
    ...(month === undefined ? {} : { month }),
    // Numbers and times begin with the most.
    ...(sort === undefined ? {} : { sort, order: isNumber ? 'desc' : 'asc' }),
  });
  if (query.success) return query.data;
  const [issue] = query.error.issues;
  const option = String(issue?.path[0] ?? '').replace(/^q$/, 'find');
  throw usageProblem(`--${option}: ${issue?.message ?? 'does not fit'}`, 'see alfred core vm list --help');
}

function addShow(noun: Command, dispatch: Dispatch): void {
  addVerb<{ days?: boolean }>(noun, dispatch, {
    usage: 'show <vm>',
    summary: 'how one VM stands, and what it did by month or by day',
    description: 'A VM is named by its id, the end of that, or its name at Core.',
    examples: [
      ['alfred core vm show Bern', 'its last twelve months'],
      ['alfred core vm show 7f3a90c1 --days', 'its last thirty days'],
    ],
    options: (command) => command.option('--days', 'the last thirty days, instead of twelve months'),
    async run(context, [text = ''], { days = false }) {
      const core = await context.core();
      const vm = await findVm(core, text);
      const { items } = await core.readHistory({
        params: { id: vm.vmId },
        query: days ? { unit: 'day', last: 30 } : { unit: 'month', last: 12 },
      });
      present(context, { ...vm, history: items }, () => renderVm(context, vm, items));
      return undefined;
    },
  });
}

/** @throws CliProblem E_USAGE for what is no month */
export function monthNamed(text: string): string {
  if (monthSchema.safeParse(text).success) return text;
  throw usageProblem(`${text} is no month`, 'write it as 2026-10');
}

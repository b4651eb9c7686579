/** What is done with VMs of a Core: with one, or with many at once. */
import type { Command } from 'commander';
import { changeInParts, type FleetEntry } from '../../contract/fleet.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import type { CoreApi } from '../core-api.ts';
import { findUser, findVm, nameOf } from '../core-vms.ts';
import { CliProblem, refusedProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { plural } from '../render/figures.ts';

export function addVmChanges(noun: Command, dispatch: Dispatch): void {
  addRename(noun, dispatch);
  addHandOver(noun, dispatch);
  addSuspend(noun, dispatch);
  addSettle(noun, dispatch);
  addRetire(noun, dispatch);
}

type Change = { suspended?: boolean; ownerId?: string | null; settled?: true; retired?: true };

/** Finds all of them before the first is changed. @throws CliProblem E_NOT_FOUND, E_CONFLICT */
async function findVms(core: CoreApi, names: readonly string[]): Promise<FleetEntry[]> {
  const vms: FleetEntry[] = [];
  for (const name of names) vms.push(await findVm(core, name));
  return vms;
}

async function changeAll(
  context: Context,
  core: CoreApi,
  vms: readonly FleetEntry[],
  change: Change,
  done: string,
): Promise<undefined> {
  const answer = await changeInParts(
    vms.map(({ vmId }) => vmId),
    (vmIds) => core.changeVms({ body: { vmIds, ...change } }),
  );
  const [gone] = vms.filter(({ vmId }) => answer.missing.includes(vmId));
  if (gone) throw new CliProblem('E_NOT_FOUND', `${nameOf(gone)} was retired in the meantime`);
  present(context, answer, () => `${context.out.green('✓')} ${vms.map(nameOf).join(', ')}: ${done}`);
  return undefined;
}

function addRename(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rename <vm> <name>',
    summary: 'give a VM another name at Core; the VM is told nothing of it',
    examples: [['alfred core vm rename 7f3a90c1 "Mara Bern"', 'letters, digits, spaces and . _ -']],
    async run(context, [text = '', label = '']) {
      const core = await context.core();
      const vm = await findVm(core, text);
      await core.changeVm({ params: { id: vm.vmId }, body: { label } });
      present(context, { vmId: vm.vmId, label }, () => `${context.out.green('✓')} ${vm.vmId} is ${label}`);
      return undefined;
    },
  });
}

function addHandOver(noun: Command, dispatch: Dispatch): void {
  addVerb<{ to?: string; toNobody?: boolean }>(noun, dispatch, {
    usage: 'hand-over <vms...>',
    summary: 'make VMs a customer’s: from now on they see them, may open them, and are billed',
    description: 'What was reported until now stays billed to whoever had them.',
    examples: [
      ['alfred core vm hand-over Bern --to mara@example.net', 'one'],
      ['alfred core vm hand-over Bern Basel --to-nobody', 'two that nobody has any more'],
    ],
    options: (command) =>
      command.option('--to <login>', 'who gets them').option('--to-nobody', 'nobody has them from now on'),
    async run(context, names, { to, toNobody = false }) {
      if ((to === undefined) !== toNobody)
        throw new CliProblem('E_USAGE', 'Say who gets them', { remedy: '--to LOGIN, or --to-nobody' });
      const core = await context.core();
      const vms = await findVms(core, names);
      const ownerId = to === undefined ? null : await findUser(core, to);
      return await changeAll(
        context,
        core,
        vms,
        { ownerId },
        to === undefined ? 'nobody’s' : `${to}’s from now on`,
      );
    },
  });
}

function addSuspend(noun: Command, dispatch: Dispatch): void {
  addVerb<{ letIn?: boolean }>(noun, dispatch, {
    usage: 'suspend <vms...>',
    summary: 'take no more reports from VMs, and open them to nobody; or let them in again',
    description: 'A VM goes on working, and its reports come when it is let in again.',
    examples: [
      ['alfred core vm suspend Bern', 'at once'],
      ['alfred core vm suspend Bern Basel --let-in', 'lets two in again'],
    ],
    options: (command) => command.option('--let-in', 'let them in again'),
    async run(context, names, { letIn = false }) {
      const core = await context.core();
      const vms = await findVms(core, names);
      return await changeAll(context, core, vms, { suspended: !letIn }, letIn ? 'let in again' : 'suspended');
    },
  });
}

function addSettle(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'settle <vms...>',
    summary: 'take it that two copies of a VM reported for settled',
    description:
      'First have the copy that shall not go on unlink (alfred core unlink), and the one that does reconcile (alfred core reconcile).',
    examples: [['alfred core vm settle Bern', 'it stands as reporting again, until it happens anew']],
    async run(context, names) {
      const core = await context.core();
      const vms = await findVms(core, names);
      return await changeAll(context, core, vms, { settled: true }, 'settled');
    },
  });
}

function addRetire(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'retire <vms...>',
    summary: 'take nothing from VMs any more, for good; their bills stay',
    description: 'A VM itself goes on working; to report again it enrols anew.',
    examples: [
      ['alfred core vm retire Bern', 'asks first'],
      ['alfred core vm retire Bern Basel --yes', 'asks nothing'],
    ],
    options: (command) => command.option('--yes', 'retire them without asking'),
    async run(context, names, { yes = false }) {
      const core = await context.core();
      const vms = await findVms(core, names);
      const what = `${plural(vms.length, 'VM')} (${vms.map(nameOf).join(', ')})`;
      if (!yes && (context.json || !context.canAsk))
        throw refusedProblem(`${what} would be retired, for good`, 'say --yes if it shall');
      if (!yes && !(await askYes(context, `retire ${what}, for good?`)))
        throw refusedProblem('nothing was changed');
      return await changeAll(context, core, vms, { retired: true }, 'retired');
    },
  });
}

/** `alfred core enrolment …`: tokens by which VMs enrol, each once. */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { findUser, findVm } from '../core-vms.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addCoreEnrolment(noun: Command, dispatch: Dispatch): void {
  const enrolment = noun
    .command('enrolment')
    .description('tokens by which VMs enrol, each once: for providers')
    .helpCommand(false);
  addCreate(enrolment, dispatch);
  addList(enrolment, dispatch);
  addWithdraw(enrolment, dispatch);
}

type CreateOptions = { label?: string; for?: string; replaces?: string };

function addCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<CreateOptions>(noun, dispatch, {
    usage: 'create',
    summary: 'a token that enrols one VM, within a day; shown this once',
    description:
      'On the VM: alfred core link ADDRESS, which asks for it; or ALFRED_CORE_URL and ALFRED_ENROLLMENT_TOKEN at its first start. With --replaces the new VM takes the name and the customer of that one, which is retired when it enrols.',
    examples: [
      ['alfred core enrolment create --label "Mara Bern" --for mara@example.net', 'a VM of a customer'],
      ['alfred core enrolment create --replaces Bern', 'in the place of one that is broken'],
    ],
    options: (command) =>
      command
        .option('--label <name>', 'your own name for it; the VM is told nothing of it')
        .option('--for <login>', 'whose it is')
        .option('--replaces <vm>', 'the VM whose place it takes'),
    async run(context, _operands, { label, for: login, replaces }) {
      if (replaces !== undefined && (label !== undefined || login !== undefined))
        throw usageProblem('--replaces takes the name and the customer of the VM that it names');
      const core = await context.core();
      const made = await core.createEnrolment({
        body: {
          ...(label === undefined ? {} : { label }),
          ...(login === undefined ? {} : { userId: await findUser(core, login) }),
          ...(replaces === undefined ? {} : { replaces: (await findVm(core, replaces)).vmId }),
        },
      });
      present(context, made, ({ token }) => token);
      const until = formatTime(made.expiresAt, context.now());
      const link = 'npx alfred core link, with the address of this Core, asks for it';
      context.note(context.err.dim(`good once, until ${until}; on the VM: ${link}`));
      return undefined;
    },
  });
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the tokens that are good and were not used, without themselves',
    examples: [['alfred core enrolment list', 'for whom each is, and until when']],
    async run(context) {
      const core = await context.core();
      const [{ items }, users] = [await core.listEnrolments(), await core.listUsers()];
      const logins = new Map(users.items.map(({ id, login }) => [id, login]));
      const { out, columns } = context;
      present(context, { items }, () =>
        items.length === 0
          ? 'none: alfred core enrolment create'
          : renderTable(
              [
                { header: 'NAME', min: 10, paint: out.bold },
                { header: 'ID' },
                { header: 'FOR', min: 8 },
                { header: 'UNTIL' },
              ],
              items.map(({ id, label, ownerId, expiresAt }) => [
                label,
                id,
                logins.get(ownerId ?? '') ?? '',
                formatTime(expiresAt, context.now()),
              ]),
              columns,
              out.dim,
            ),
      );
      return undefined;
    },
  });
}

function addWithdraw(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'withdraw <id>',
    summary: 'end a token that was not used',
    examples: [['alfred core enrolment withdraw 0199…', 'its id, as alfred core enrolment list shows it']],
    async run(context, [id = '']) {
      await (await context.core()).withdrawEnrolment({ params: { id } });
      present(context, { id }, () => `${context.out.green('✓')} withdrawn`);
      return undefined;
    },
  });
}

/** `alfred core user …`: who may sign in at Core. */
import type { Command } from 'commander';
import { coreRoles } from '../../contract/core-people.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import type { CoreApi } from '../core-api.ts';
import { findUser } from '../core-vms.ts';
import { usageProblem } from '../problem.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

const staff = coreRoles.filter((role) => role !== 'metrics');

export function addCoreUser(noun: Command, dispatch: Dispatch): void {
  const user = noun
    .command('user')
    .description('customers, and who works for the provider: for providers')
    .helpCommand(false);
  addList(user, dispatch);
  addInvite(user, dispatch);
  addReset(user, dispatch);
  addSuspend(user, dispatch);
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'who may sign in at Core',
    examples: [
      ['alfred core user list', 'customers with how many VMs are theirs, and staff with their roles'],
    ],
    async run(context) {
      const { items } = await (await context.core()).listUsers();
      const { out, columns } = context;
      present(context, { items }, () =>
        items.length === 0
          ? 'nobody yet: alfred core user invite'
          : renderTable(
              [
                { header: 'LOGIN', min: 10, paint: out.bold },
                { header: 'WHO' },
                { header: 'NUMBER' },
                { header: 'VMS', align: 'right' },
                { header: 'STATE' },
              ],
              items.map(({ login, role, customerNumber, vms, suspended, invited }) => [
                login,
                role ?? 'customer',
                customerNumber,
                String(vms),
                suspended ? 'suspended' : invited ? 'invited' : '',
              ]),
              columns,
              out.dim,
            ),
      );
      return undefined;
    },
  });
}

function addInvite(noun: Command, dispatch: Dispatch): void {
  addVerb<{ role?: string; customerNumber?: string }>(noun, dispatch, {
    usage: 'invite <login>',
    summary: 'add somebody, who sets their own password',
    description:
      'By a link that works once, within a week: it goes by mail where the login is an address and Core sends mail, and else is shown here. With a role they work for the provider; without, they are a customer.',
    examples: [
      ['alfred core user invite ada@example.org --customer-number K-104', 'a customer'],
      ['alfred core user invite ben@provider.example --role support', 'somebody of the support'],
    ],
    options: (command) =>
      command
        .option('--role <role>', `${staff.join(', ')}: they work for the provider`)
        .option('--customer-number <number>', 'your own number for them, as bills have it'),
    async run(context, [login = ''], { role, customerNumber }) {
      const known = staff.find((one) => one === role);
      if (role !== undefined && known === undefined)
        throw usageProblem(`--role ${role} is none`, `write one of ${staff.join(', ')}`);
      const core = await context.core();
      const { id } = await core.createUser({
        body: {
          login,
          ...(known === undefined ? {} : { role: known }),
          ...(customerNumber === undefined ? {} : { customerNumber }),
        },
      });
      await showLink(context, core, { id, login });
      return undefined;
    },
  });
}

function addReset(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'reset <login>',
    summary: 'a link by which somebody sets another password',
    description: 'Their present one works until they do; then all their sessions end.',
    examples: [['alfred core user reset ada@example.org', 'mailed where Core sends mail, and else shown']],
    async run(context, [login = '']) {
      const core = await context.core();
      await showLink(context, core, { id: await findUser(core, login), login });
      return undefined;
    },
  });
}

function addSuspend(noun: Command, dispatch: Dispatch): void {
  addVerb<{ letIn?: boolean }>(noun, dispatch, {
    usage: 'suspend <login>',
    summary: 'end somebody’s access now',
    description: 'Their sessions, and the tokens that they made, work no more. Their VMs go on reporting.',
    examples: [
      ['alfred core user suspend ben@provider.example', 'at once'],
      ['alfred core user suspend ben@provider.example --let-in', 'lets them in again'],
    ],
    options: (command) => command.option('--let-in', 'let them in again'),
    async run(context, [login = ''], { letIn = false }) {
      const core = await context.core();
      await core.changeUser({ params: { id: await findUser(core, login) }, body: { suspended: !letIn } });
      present(context, { login, suspended: !letIn }, () =>
        letIn ? `${login} may sign in again` : `${context.out.green('✓')} ${login} is out`,
      );
      return undefined;
    },
  });
}

async function showLink(context: Context, core: CoreApi, user: { id: string; login: string }): Promise<void> {
  const link = await core.sendLink({ params: { id: user.id } });
  present(context, { ...user, ...link }, ({ login, url, expiresAt }) =>
    url === null
      ? `${context.out.green('✓')} mailed to ${login}`
      : `${context.out.green('✓')} for ${login}, once, until ${formatTime(expiresAt, context.now())}:\n${url}`,
  );
}

/** `alfred core …`: the VM's link to Core, and Core itself. */
import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderLink } from '../render/core.ts';
import { plural } from '../render/figures.ts';
import { addCoreAlert } from './core-alert.ts';
import { addCoreAudit } from './core-audit.ts';
import { addCoreBackup } from './core-backup.ts';
import { addCoreBill } from './core-bill.ts';
import { addCoreEnrolment } from './core-enrolment.ts';
import { addCoreLink } from './core-link.ts';
import { addCoreServe } from './core-serve.ts';
import { addCoreToken } from './core-token.ts';
import { addCoreUser } from './core-user.ts';
import { addCoreVm } from './core-vm.ts';

export function addCoreCommands(noun: Command, dispatch: Dispatch): void {
  addCoreLink(noun, dispatch);
  addCoreStatus(noun, dispatch);
  addCorePreview(noun, dispatch);
  addCoreReport(noun, dispatch);
  addCoreReconcile(noun, dispatch);
  addCoreUnlink(noun, dispatch);
  addCoreServe(noun, dispatch);
  addCoreRotateKey(noun, dispatch);
  addCoreAudit(noun, dispatch);
  addCoreAlert(noun, dispatch);
  addCoreBackup(noun, dispatch);
  addCoreVm(noun, dispatch);
  addCoreEnrolment(noun, dispatch);
  addCoreBill(noun, dispatch);
  addCoreUser(noun, dispatch);
  addCoreToken(noun, dispatch);
}

function addCoreStatus(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'status',
    summary: 'where this VM reports, and all that it has told',
    examples: [['alfred core status', 'the totals are those that Core has acknowledged']],
    async run(context) {
      const link = await (await context.api()).showCore();
      present(context, link, () => renderLink(link, context.out, context.now()));
      return undefined;
    },
  });
}

function addCorePreview(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'preview',
    summary: 'the next report to Core, byte for byte',
    description:
      'What is shown is kept, and goes out next: what ends meanwhile is in the report after it. While no Core is linked it is an example.',
    examples: [['alfred core preview', 'the whole request, headers and all']],
    async run(context) {
      const preview = await (await context.api()).previewCoreReport();
      const { out, err } = context;
      present(context, preview, ({ method, path, headers, body }) =>
        body === null
          ? 'nothing to report: no live execution has ended since the last one'
          : [
              `${out.bold(method)} ${path}`,
              ...Object.entries(headers).map(([name, value]) => `${out.dim(`${name}:`)} ${value}`),
              '',
              body,
            ].join('\n'),
      );
      if (preview.body !== null) {
        context.note(
          err.dim(
            preview.isKept ? '  these bytes go out next' : '  an example: this VM is linked to no Core',
          ),
        );
      }
      return undefined;
    },
  });
}

function addCoreReport(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'report',
    summary: 'report to Core now',
    examples: [['alfred core report', 'ends with 1 when something could not be told']],
    async run(context) {
      const report = await (await context.api()).reportToCore();
      const { out } = context;
      present(context, report, ({ sent, waiting, lastError }) =>
        waiting > 0
          ? `${out.yellow('!')} ${plural(waiting, 'report')} waiting: ${lastError ?? 'not sent yet'}`
          : sent === 0
            ? 'nothing to report'
            : `${out.green('✓')} ${plural(sent, 'report')} acknowledged`,
      );
      return report.waiting > 0 ? exitCodes.failed : undefined;
    },
  });
}

function addCoreReconcile(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'reconcile',
    summary: 'go on reporting, though Core has other reports of this VM',
    description:
      'For the copy of a VM that stays, and for one whose database was set back. What ended before the end of the last report that Core has counts as told, so that nothing is billed twice. On a copy that is to be a VM of its own: alfred core unlink, then link.',
    examples: [['alfred core reconcile', 'when alfred doctor says that another copy reports']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(context, 'is this the one that stays, and no other copy of it runs?', yes === true);
      present(
        context,
        await api.reconcileCore(),
        ({ countedAsReported, toReport }) =>
          `${context.out.green('✓')} ${plural(countedAsReported, 'execution')} counted as told, ${toReport} told next`,
      );
      return undefined;
    },
  });
}

function addCoreUnlink(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'unlink',
    summary: 'end the link to Core: nothing is reported, its tokens open nothing',
    examples: [['alfred core unlink', 'the VM goes on working, alone']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(
        context,
        'end the link? reports that Core has not acknowledged are dropped',
        yes === true,
      );
      present(context, await api.unlinkCore(), ({ abandonedReports }) => {
        const dropped = abandonedReports > 0 ? `, ${plural(abandonedReports, 'report')} dropped` : '';
        return `${context.out.green('✓')} this VM stands alone${dropped}`;
      });
      return undefined;
    },
  });
}

function addCoreRotateKey(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rotate-key',
    summary: "make Core's next signing key: for providers",
    description:
      'The present key signs that the new one follows it, so every VM that has pinned it goes along. A Core that runs on this home takes the new key within seconds; where several processes are one Core, copy $CORE_HOME/keys to the others. Keep a copy of $CORE_HOME/keys apart: VMs trust this key and no other.',
    examples: [['alfred core rotate-key', 'while Core runs, or stands still']],
    async run(context) {
      const { rotateSigningKey } = await import('../../../core/keys/rotate-key.ts');
      const { home } = readCoreSettings(context.env);
      const rotated = await rotateSigningKey(home);
      present(
        context,
        rotated,
        () => `${context.out.green('✓')} the key ${rotated.to} follows ${rotated.from}`,
      );
      context.note(
        context.err.dim('  a Core that runs takes it within seconds; keep a copy of $CORE_HOME/keys apart'),
      );
      return undefined;
    },
  });
}

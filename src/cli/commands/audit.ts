import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatCount } from '../render/figures.ts';
import { addAuditList } from './audit-list.ts';
import { addAuditVerify } from './audit-verify.ts';

export function addAuditCommands(noun: Command, dispatch: Dispatch): void {
  addAuditVerify(noun, dispatch);
  addAuditList(noun, dispatch);
  addAuditAcceptRestore(noun, dispatch);
}

function addAuditAcceptRestore(noun: Command, dispatch: Dispatch): void {
  addVerb<{ reason: string }>(noun, dispatch, {
    usage: 'accept-restore',
    summary: 'take a restored database for the one that counts',
    description:
      'After you restored the database by other means than Alfred’s own. What was on record after that moment stays in the file outside the database, and the restore itself is put on record.',
    examples: [
      ['alfred audit accept-restore --reason "snapshot of 22 November"', 'the chain goes on from there'],
    ],
    options: (command) => {
      command.requiredOption('--reason <text>', 'where the data came from');
    },
    async run(context, _operands, { reason }) {
      const api = await context.api();
      const done = await api.acceptRestore({ body: { reason } });
      present(context, done, ({ seq, lost, epoch }) => {
        const gone = lost > 0 ? `; ${formatCount(lost)} events that came after it are not in it` : '';
        return `The audit chain goes on after event ${formatCount(seq)} (restore ${epoch})${gone}.`;
      });
      return undefined;
    },
  });
}

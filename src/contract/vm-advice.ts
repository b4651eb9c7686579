/** What is the matter with a VM at Core, and what helps, as a person reads it: one sentence or more for each thing. */
import type { FleetEntry } from './fleet.ts';
import { refusalWords } from './refusal-words.ts';

const copied = [
  'Core has two reports of one number from it, and billed only the first. Nothing more comes from the one that was refused until a person says there what it is.',
  'There is one VM alone, and it was set back to an earlier state, as by an old image of its disk: on it, page Core, Reconcile (npx alfred core reconcile).',
  'There are two: on the one that goes on, Reconcile as above; on the other, page Core, End the link (npx alfred core unlink).',
];
const settle =
  'When that is done, choose “It is settled” in its menu, or npx alfred core vm settle, and it stands with the others again.';

/** Of one that is as it should be nothing. */
export function adviceOn(vm: FleetEntry): string[] {
  const since = vm.copiedAt !== null && vm.lastReportAt !== null && vm.lastReportAt > vm.copiedAt;
  return [
    ...(vm.state === 'copied' ? copied : []),
    ...(vm.state === 'copied' && since
      ? [
          'A report of it was taken since: one copy goes on reporting. If it is the only one left, this is over.',
        ]
      : []),
    ...(vm.state === 'copied' ? [settle] : []),
    ...(vm.state === 'silent'
      ? [
          'One that runs nothing reports once a day. It is switched off, unlinked, or cannot reach Core: its own page Core, and npx alfred doctor on it, say which. What it has to report is not lost, and comes when it can.',
          'If its machine is gone for good, replace it by a new VM, or retire it.',
        ]
      : []),
    ...(vm.state === 'never'
      ? ['It enrolled, and no report has come since: its own page Core says why.']
      : []),
    ...(vm.refusedAt === null
      ? []
      : [
          `Core refuses what it sends: ${refusalWords(vm.refusedBecause)}. A VM whose program is up to date sends nothing of the kind.`,
        ]),
    ...(vm.clockOffAt === null
      ? []
      : [
          'Its clock is off: what it does is counted on another day, and what it dates before its enrolment is billed with no month. Have the time of its machine set; this goes away with its next report.',
        ]),
    ...(vm.missingReports === 0
      ? []
      : [
          `${vm.missingReports} of the reports that it counted did not come; it sends them again within a day, unless its database was set back.`,
        ]),
  ];
}

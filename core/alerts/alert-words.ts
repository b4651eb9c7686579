/** What an alert says, to programs and to people. */
import type { AlertKind } from '../../src/contract/core-alerts.ts';

/** A VM by what people at Core call it; a VM has told nothing of this. */
export type AlertLine = {
  vmId: string;
  label: string;
  customerNumber: string;
  kind: AlertKind;
  /** When Core noticed it. */
  since: string;
  lastReportAt: string | null;
};

/** The body of a webhook. */
export type AlertsTold = {
  type: 'fleet.alerts' | 'fleet.test';
  timestamp: string;
  data: {
    /** Where to see more. */
    url: string;
    began: AlertLine[];
    ended: AlertLine[];
    /** How many there are in all, where not every one is listed. */
    beganCount: number;
    endedCount: number;
  };
};

const words: Readonly<Record<AlertKind, string>> = {
  silent: 'has not reported for two days',
  refused: 'sends reports that Core refuses',
  copied: 'reports twice: two copies of it run, or its database was set back',
  never: 'was enrolled two days ago and has never reported',
};

export function mailOf({ type, data }: AlertsTold): { subject: string; text: string } {
  const { url, beganCount, endedCount } = data;
  if (type === 'fleet.test') {
    return { subject: 'Alfred Core: a test', text: `Alerts of ${url} arrive here.\n` };
  }
  const subject = [
    beganCount === 0 ? '' : `${beganCount} ${beganCount === 1 ? 'VM needs' : 'VMs need'} somebody`,
    endedCount === 0 ? '' : `${endedCount} over`,
  ].filter((part) => part !== '');
  return {
    subject: `Alfred Core: ${subject.join(', ')}`,
    text: [
      ...partOf('Needs somebody', data.began, beganCount),
      ...partOf('Over', data.ended, endedCount),
      `See ${url}`,
      '',
    ].join('\n'),
  };
}

function partOf(title: string, lines: readonly AlertLine[], count: number): string[] {
  if (count === 0) return [];
  const rest = count - lines.length;
  return [
    `${title}:`,
    ...lines.map(({ vmId, label, customerNumber, kind, since, lastReportAt }) => {
      const whose = customerNumber === '' ? '' : ` (customer ${customerNumber})`;
      return `- ${label === '' ? vmId : `${label}${whose}, ${vmId}`}: ${words[kind]}; noticed ${since}, last report ${lastReportAt ?? 'never'}`;
    }),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    '',
  ];
}

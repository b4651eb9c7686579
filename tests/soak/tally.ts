/** What a soak counted. */
export type Tally = {
  seed: number;
  seconds: number;
  kills: Record<'vm' | 'worker' | 'postgres' | 'everything', number>;
  accepted: number;
  deliveries: number;
  succeeded: number;
  /** Runs that failed as they were meant to. */
  meantToFail: number;
  /** Notices that the webhook for failures was sent, repeats included. */
  notices: number;
  /** Runs that the schedule started. */
  scheduled: number;
  /** Ended by the crash rule: a call that may have had its effect was in flight. */
  interrupted: number;
  /** Failed otherwise; by code. */
  failed: Record<string, number>;
  retakenSteps: number;
  lost: string[];
  doubled: string[];
  stuck: string[];
  orphaned: string[];
  /** From a kill to the first model request after it, in milliseconds. */
  recoveries: number[];
  /** The longest that a dead process's run was still held, in milliseconds. */
  longestHeld: number;
  /** What the verifier went over in the end. */
  audited: { events: number; executions: number };
  /** What it found, where nobody had changed anything. */
  alarms: string[];
};

const failures = (tally: Tally): number => Object.values(tally.failed).reduce((sum, count) => sum + count, 0);

export const problemsOf = (tally: Tally): number =>
  tally.lost.length +
  tally.doubled.length +
  tally.stuck.length +
  tally.orphaned.length +
  tally.alarms.length +
  failures(tally);

export function render(tally: Tally): string {
  const sorted = tally.recoveries.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const kills = Object.entries(tally.kills).map(([name, count]) => `${count} ${name}`);
  const rows: [string, string][] = [
    ['kills', `${kills.join(', ')} (seed ${tally.seed}, ${Math.round(tally.seconds)} s)`],
    [
      'accepted',
      `${tally.accepted}, of them ${tally.deliveries} webhooks; and ${tally.scheduled} by schedule`,
    ],
    ['succeeded', String(tally.succeeded)],
    [
      'failed as meant',
      `${tally.meantToFail}, each with one run of its failure skill; ${tally.notices} notices sent`,
    ],
    ['interrupted', `${tally.interrupted} (a call was in flight: the crash rule)`],
    ['failed', failures(tally) === 0 ? '0' : JSON.stringify(tally.failed)],
    ['steps taken up again', String(tally.retakenSteps)],
    ['kill → next model request', `median ${seconds(at(0.5))}, longest ${seconds(at(1))}`],
    ['longest held by the dead', seconds(tally.longestHeld)],
    ['lost', String(tally.lost.length)],
    ['doubled', String(tally.doubled.length)],
    ['stuck', String(tally.stuck.length)],
    ['orphaned', String(tally.orphaned.length)],
    [
      'false alarms',
      `${tally.alarms.length} (${tally.audited.events} events of the audit chain, ${tally.audited.executions} executions)`,
    ],
  ];
  const details = [...tally.lost, ...tally.doubled, ...tally.stuck, ...tally.orphaned, ...tally.alarms].slice(
    0,
    40,
  );
  return [
    ...rows.map(([name, value]) => `${name.padEnd(26)} ${value}`),
    ...details.map((line) => `  ${line}`),
  ].join('\n');
}

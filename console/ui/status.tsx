/** How a thing stands: never by colour alone. */

import type { Connection } from '../../src/contract/connections.ts';
import type { ExecutionStatus, executionModes } from '../../src/contract/execution-status.ts';
import { t } from '../words/t.ts';
import { cx } from './cx.ts';
import {
  Ban,
  Check,
  CircleDashed,
  Clock,
  Hand,
  type Icon,
  LoaderCircle,
  TriangleAlert,
  X,
} from './icons.tsx';

type Look = { word: string; icon: Icon; tone: string; spins?: boolean };

const executions: Record<ExecutionStatus, Look> = {
  queued: { word: t('queued'), icon: Clock, tone: 'text-ink-2 bg-sunken' },
  running: { word: t('running'), icon: LoaderCircle, tone: 'text-live bg-accent-soft', spins: true },
  waiting_approval: { word: t('waits for you'), icon: Hand, tone: 'text-wait bg-wait-soft' },
  succeeded: { word: t('succeeded'), icon: Check, tone: 'text-good bg-good-soft' },
  failed: { word: t('failed'), icon: X, tone: 'text-bad bg-bad-soft' },
  cancelled: { word: t('cancelled'), icon: Ban, tone: 'text-ink-2 bg-sunken' },
};

const connections: Record<Connection['status'] | 'waiting' | 'off', Look> = {
  new: { word: t('not tried yet'), icon: CircleDashed, tone: 'text-ink-2 bg-sunken' },
  ready: { word: t('ready'), icon: Check, tone: 'text-good bg-good-soft' },
  error: { word: t('does not work'), icon: X, tone: 'text-bad bg-bad-soft' },
  needs_login: { word: t('needs a sign-in'), icon: Hand, tone: 'text-wait bg-wait-soft' },
  changed: { word: t('changed'), icon: TriangleAlert, tone: 'text-wait bg-wait-soft' },
  waiting: { word: t('waits for approval'), icon: Hand, tone: 'text-wait bg-wait-soft' },
  off: { word: t('off'), icon: Ban, tone: 'text-ink-2 bg-sunken' },
};

type PillProps = {
  look: Look;
  bare?: boolean | undefined;
  /** That it went well is the rule: then the sign alone is seen. */
  quiet?: boolean | undefined;
};

function Pill({ look: { word, icon: Icon, tone, spins }, bare, quiet }: PillProps) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap text-[13px] font-medium',
        bare ? tone.split(' ')[0] : cx('h-6 rounded-full pr-2.5 pl-2', tone),
      )}
    >
      <Icon aria-hidden="true" className={cx('size-3.5', spins && 'animate-spin')} strokeWidth={2.4} />
      {quiet ? <span className="sr-only">{word}</span> : word}
    </span>
  );
}

export const ExecutionStatusMark = ({
  status,
  bare,
  quiet,
}: {
  status: ExecutionStatus;
  bare?: boolean;
  quiet?: boolean;
}) => <Pill look={executions[status]} bare={bare} quiet={quiet && status === 'succeeded'} />;

export function ConnectionStatusMark({
  connection,
}: {
  connection: Pick<Connection, 'status' | 'approved' | 'isActive'>;
}) {
  const { status, approved, isActive } = connection;
  return <Pill look={connections[isActive ? (approved ? status : 'waiting') : 'off']} />;
}

type ExecutionMode = (typeof executionModes)[number];
const modes: Record<ExecutionMode, string> = {
  live: t('live'),
  rehearsal: t('rehearsal'),
  replay: t('replay'),
};
export const modeWord = (mode: ExecutionMode): string => modes[mode];

export const statusWord = (status: ExecutionStatus): string => executions[status].word;

/** Beside the name of a run that nobody looked at yet. */
export const UnreadDot = () => (
  <span className="size-2 shrink-0 self-center rounded-full bg-accent">
    <span className="sr-only">{t('unread')}</span>
  </span>
);

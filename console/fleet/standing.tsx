/** How a VM stands: never by colour alone. */
import { memo } from 'react';
import type { FleetEntry } from '../../src/contract/fleet.ts';
import { cx } from '../ui/cx.ts';
import { Ban, Check, CircleDashed, type Icon, TriangleAlert } from '../ui/icons.tsx';
import { Archive } from '../ui/more-icons.tsx';
import { Ago, useNow } from '../ui/time.tsx';
import { plural } from './plural.ts';

const day = 86_400_000;

const icons: Readonly<Record<FleetEntry['state'], Icon>> = {
  copied: TriangleAlert,
  silent: TriangleAlert,
  suspended: Ban,
  never: CircleDashed,
  reporting: Check,
  retired: Archive,
};

export const Standing = memo(function Standing({ vm }: { vm: FleetEntry }) {
  const now = useNow(60_000);
  const asides = [
    vm.refusedAt === null ? '' : 'its reports are refused',
    vm.clockOffAt === null ? '' : 'its clock is off',
    vm.missingReports === 0 ? '' : `${plural(vm.missingReports, 'report')} missing`,
  ].filter((words) => words !== '');
  const isLive = vm.state === 'reporting' || vm.state === 'never';
  const needsLook = isLive && asides.length > 0;
  const StateIcon = needsLook ? TriangleAlert : icons[vm.state];
  const isTrouble = vm.state === 'copied' || vm.state === 'silent' || needsLook;
  const odd = asides.join(', ');
  return (
    <p className={cx('flex items-center gap-1.5', isTrouble ? 'text-wait' : 'text-ink-2')}>
      <StateIcon
        aria-hidden="true"
        className={cx('size-3.5 shrink-0', vm.state === 'reporting' && !needsLook && 'text-good')}
      />
      {/* What is the matter comes first: the rest may be cut off. */}
      <span className="min-w-0 truncate" title={odd === '' ? undefined : odd}>
        {needsLook ? `${odd}, ` : null}
        <Words vm={vm} now={now} />
        {needsLook || odd === '' ? null : <span className="text-wait">, {odd}</span>}
      </span>
    </p>
  );
});

function Words({ vm: { state, lastReportAt, retiredAt, createdAt }, now }: { vm: FleetEntry; now: number }) {
  switch (state) {
    case 'copied':
      return <span title="Two copies of it reported, or its database was set back">reports twice</span>;
    case 'silent':
      return `silent for ${plural(Math.floor((now - Date.parse(lastReportAt ?? createdAt)) / day), 'day')}`;
    case 'suspended':
      return 'suspended';
    case 'never':
      return 'enrolled, no report yet';
    case 'retired':
      return (
        <>
          retired <Ago at={retiredAt ?? createdAt} />
        </>
      );
    case 'reporting':
      return (
        <>
          reported <Ago at={lastReportAt ?? createdAt} />
        </>
      );
  }
}

/** The columns of the table of VMs: which there are, and which of them this browser shows. */
import { type ReactNode, useState } from 'react';
import type { FleetEntry, FleetQuery } from '../../src/contract/fleet.ts';
import { count, duration } from '../ui/format.ts';
import { Menu, MenuChoice } from '../ui/menu.tsx';
import { Columns3 } from '../ui/more-icons.tsx';
import { Ago } from '../ui/time.tsx';
import { Standing } from './standing.tsx';

export type Column = {
  name: string;
  /** As a grid has it. */
  width: string;
  sort: FleetQuery['sort'];
  isNumber?: true;
  cell(vm: FleetEntry): ReactNode;
};

export const columns = {
  customer: {
    name: 'Customer',
    width: 'minmax(0,1.3fr)',
    sort: 'owner',
    cell: ({ owner, customerNumber }) =>
      [owner ?? 'nobody', customerNumber].filter((words) => words !== '').join(' · '),
  },
  standing: {
    name: 'Standing',
    width: 'minmax(9rem,1fr)',
    sort: 'attention',
    cell: (vm) => <Standing vm={vm} />,
  },
  lastReport: {
    name: 'Last report',
    width: '6rem',
    sort: 'lastReportAt',
    cell: ({ lastReportAt }) => (lastReportAt === null ? 'never' : <Ago at={lastReportAt} />),
  },
  enrolled: {
    name: 'Enrolled',
    width: '6rem',
    sort: 'createdAt',
    cell: ({ createdAt }) => <Ago at={createdAt} />,
  },
  missing: {
    name: 'Missing',
    width: '4.5rem',
    sort: 'missingReports',
    isNumber: true,
    cell: ({ missingReports }) => count(missingReports),
  },
  executions: {
    name: 'Executions',
    width: '5.5rem',
    sort: 'executions',
    isNumber: true,
    cell: ({ executions }) => count(executions),
  },
  duration: {
    name: 'Duration',
    width: '6.5rem',
    sort: 'durationMs',
    isNumber: true,
    cell: ({ durationMs }) => duration(durationMs),
  },
  tokens: {
    name: 'Tokens',
    width: '5.5rem',
    sort: 'tokens',
    isNumber: true,
    cell: ({ tokens }) => count(tokens),
  },
} as const satisfies Record<string, Column>;

export type ColumnId = keyof typeof columns;

const columnIds = Object.keys(columns) as ColumnId[];
const usual: readonly ColumnId[] = ['customer', 'standing', 'executions', 'duration', 'tokens'];
const kept = 'alfred-core-columns';

/** Those that are shown, in their order; kept by this browser. */
export function useColumns(): [readonly ColumnId[], (shown: readonly ColumnId[]) => void] {
  const [shown, setShown] = useState(readKept);
  return [
    shown,
    (next) => {
      const inOrder = columnIds.filter((id) => next.includes(id));
      setShown(inOrder);
      localStorage.setItem(kept, inOrder.join(' '));
    },
  ];
}

function readKept(): readonly ColumnId[] {
  const words = localStorage.getItem(kept)?.split(' ');
  return words === undefined ? usual : columnIds.filter((id) => words.includes(id));
}

export const ColumnChoice = ({
  shown,
  onShown,
}: {
  shown: readonly ColumnId[];
  onShown(shown: readonly ColumnId[]): void;
}) => (
  <div className="hidden md:block">
    <Menu label="Columns" icon={<Columns3 className="size-4" />}>
      {columnIds.map((id) => (
        <MenuChoice
          key={id}
          isChosen={shown.includes(id)}
          onChoose={(isChosen) => onShown(isChosen ? [...shown, id] : shown.filter((one) => one !== id))}
        >
          {columns[id].name}
        </MenuChoice>
      ))}
    </Menu>
  </div>
);

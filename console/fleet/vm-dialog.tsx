/** One VM: how it stands, what helps, and what it did by day or by month. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type FleetEntry, fleetQuerySchema } from '../../src/contract/fleet.ts';
import { adviceOn } from '../../src/contract/vm-advice.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/field.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { fleetQuery, historyQuery } from './queries.ts';
import { Standing } from './standing.tsx';
import { VmChart } from './vm-chart.tsx';

const spans = {
  '30 days': { unit: 'day', last: 30 },
  '90 days': { unit: 'day', last: 90 },
  '12 months': { unit: 'month', last: 12 },
  '36 months': { unit: 'month', last: 36 },
} as const;
type Span = keyof typeof spans;

export function VmDialog({ vm, onClose }: { vm: FleetEntry; onClose(): void }) {
  const [span, setSpan] = useState<Span>('90 days');
  const history = useQuery(historyQuery(vm.vmId, spans[span]));
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={vm.label === '' ? 'Unnamed VM' : vm.label}
      lead={<code className="font-mono text-[13px] break-all">{vm.vmId}</code>}
    >
      <dl className="mb-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-[13px]">
        <Fact name="Standing">
          <Standing vm={vm} />
        </Fact>
        <Fact name="Customer">
          {[vm.owner ?? 'nobody', vm.customerNumber].filter((words) => words !== '').join(' · ')}
        </Fact>
        <Fact name="Enrolled">
          <Ago at={vm.createdAt} />
        </Fact>
        <Fact name="Last report">{vm.lastReportAt === null ? 'never' : <Ago at={vm.lastReportAt} />}</Fact>
      </dl>
      <Advice vm={vm} />
      <div className="mb-3 w-36">
        <Select
          aria-label="Span of time"
          value={span}
          onChange={({ target }) => setSpan(target.value as Span)}
        >
          {Object.keys(spans).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </div>
      {history.error ? <ProblemNote error={history.error} /> : null}
      {history.data ? (
        <VmChart key={span} items={history.data} unit={spans[span].unit} />
      ) : (
        <Skeleton className="h-44" />
      )}
    </Dialog>
  );
}

/** The same of a VM that stands elsewhere on the page: what is the matter, and what helps. */
export function VmById({ vmId, onClose }: { vmId: string; onClose(): void }) {
  const found = useQuery(fleetQuery(fleetQuerySchema.parse({ q: vmId, limit: 1 })));
  const [vm] = found.data?.items ?? [];
  return vm?.vmId === vmId ? <VmDialog vm={vm} onClose={onClose} /> : null;
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-ink-2">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);

/** What is the matter, and what helps. */
function Advice({ vm }: { vm: FleetEntry }) {
  const said = adviceOn(vm);
  if (said.length === 0) return null;
  return (
    <ul aria-label="What helps" className="mb-4 space-y-1 rounded-lg bg-wait-soft px-3 py-2 text-[13px]">
      {said.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  );
}

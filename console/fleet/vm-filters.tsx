/** What is looked for among the VMs: by words, by how they stand, and on a phone in which order. */
import { type Fleet, type FleetQuery, fleetSorts } from '../../src/contract/fleet.ts';
import { Select } from '../ui/field.tsx';
import { SearchInput } from '../ui/search-input.tsx';

const states: Readonly<Record<FleetQuery['state'], string>> = {
  all: 'All but the retired',
  attention: 'What needs somebody',
  copied: 'Reporting twice',
  silent: 'Silent',
  suspended: 'Suspended',
  never: 'Without a report yet',
  reporting: 'Reporting',
  retired: 'Retired',
};
const sortNames: Readonly<Record<FleetQuery['sort'], string>> = {
  attention: 'What needs somebody first',
  label: 'Name',
  owner: 'Customer',
  lastReportAt: 'Last report',
  createdAt: 'Enrolled',
  missingReports: 'Missing reports',
  executions: 'Executions',
  durationMs: 'Duration',
  tokens: 'Tokens',
};
/** Numbers and times begin with the most. */
export const beginsDown = new Set<FleetQuery['sort']>([
  'lastReportAt',
  'createdAt',
  'missingReports',
  'executions',
  'durationMs',
  'tokens',
]);

export const VmFilters = ({
  fleet,
  query,
  onQuery,
  onSort,
}: {
  fleet: Fleet | undefined;
  query: FleetQuery;
  onQuery(change: Partial<FleetQuery>): void;
  onSort(by: FleetQuery['sort']): void;
}) => (
  <div className="flex flex-wrap gap-2 border-b border-line px-4 py-3">
    <SearchInput
      label="Find a VM"
      placeholder="Name, customer or id"
      text={query.q}
      onText={(q) => onQuery({ q: q.slice(0, 60) })}
    />
    <div className="w-full sm:w-52">
      <Select
        aria-label="Which"
        value={query.state}
        onChange={({ target }) => onQuery({ state: target.value as FleetQuery['state'] })}
      >
        {Object.entries(states).map(([state, words]) => (
          <option key={state} value={state}>
            {words}
            {fleet && state in fleet.counts ? ` (${fleet.counts[state as keyof Fleet['counts']]})` : ''}
            {fleet && state === 'attention' ? ` (${fleet.attention})` : ''}
          </option>
        ))}
      </Select>
    </div>
    <div className="w-full sm:w-52 md:hidden">
      <Select
        aria-label="Order"
        value={query.sort}
        onChange={({ target }) => onSort(target.value as FleetQuery['sort'])}
      >
        {fleetSorts.map((by) => (
          <option key={by} value={by}>
            {sortNames[by]}
          </option>
        ))}
      </Select>
    </div>
  </div>
);

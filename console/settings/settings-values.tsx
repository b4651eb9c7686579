/** What things may cost and take, how long they are kept, and who is told. */
import { useQuery } from '@tanstack/react-query';
import type { ConfigEntry } from '../../src/contract/config.ts';
import { budgetQuery, noticesQuery } from '../api/queries.ts';
import { money, plural } from '../ui/format.ts';
import { Ago } from '../ui/time.tsx';
import { ConfigForm, type Setting } from './config-form.tsx';

const minute = 60_000;
const hour = 60 * minute;
const gigabyte = 1_000_000_000;

export function Limits({ config }: { config: ConfigEntry[] }) {
  const budget = useQuery(budgetQuery);
  const [today, month] = [budget.data?.day, budget.data?.month];
  const settings: Setting[] = [
    {
      key: 'max_cost_per_run_usd',
      label: 'A run may cost, in dollars',
      hint: 'Checked before each call of the model. Empty: no cap.',
      unit: 1,
    },
    {
      key: 'max_cost_per_day_usd',
      label: 'A day may cost, in dollars',
      hint: `What would pass it is stopped before it is spent.${today ? ` Today so far: ${money(today.spentUsd)}.` : ''}`,
      unit: 1,
    },
    {
      key: 'max_cost_per_month_usd',
      label: 'A month may cost, in dollars',
      hint: `Likewise.${month ? ` This month so far: ${money(month.spentUsd)}.` : ''}`,
      unit: 1,
    },
    {
      key: 'run_timeout_ms',
      label: 'A run may take, in minutes',
      hint: 'Unless its skill says otherwise.',
      unit: minute,
    },
    {
      key: 'approval_timeout_ms',
      label: 'A call waits for you, in hours',
      hint: 'Then it is given up, and nothing was done.',
      unit: hour,
    },
    {
      key: 'timezone',
      label: 'Time zone',
      hint: 'Schedules, days and months are counted in it.',
      otherwise: budget.data?.timezone,
      choices: Intl.supportedValuesOf('timeZone'),
    },
  ];
  return <ConfigForm title="Caps, limits and time" settings={settings} config={config} />;
}

const keeping: Setting[] = [
  {
    key: 'retention_days',
    label: 'Keep what runs were given and made, in days',
    hint: 'Then input, output, trace and arguments go; that it ran, its cost and its hashes stay. Empty: for ever.',
    unit: 1,
  },
  {
    key: 'retention_max_bytes',
    label: 'And no more than so many gigabytes of it',
    hint: 'Beyond that the oldest go first. Empty: no bound.',
    unit: gigabyte,
  },
  {
    key: 'audit_retention_days',
    label: 'Keep the particulars of what was done here, in days',
    hint: 'Who did what and when stays, and can still be verified. Empty: for ever.',
    unit: 1,
  },
];

export const Keeping = ({ config }: { config: ConfigEntry[] }) => (
  <ConfigForm title="What is kept" settings={keeping} config={config}>
    <p className="text-[13px] text-ink-2">
      What is gone is in backups alone. It is looked at every five minutes.
    </p>
  </ConfigForm>
);

const notices: Setting[] = [
  {
    key: 'notify_webhook_url',
    label: 'Tell this address',
    hint: 'When a run failed, or waits for you: which skill, and a link. Never what it was given.',
  },
  {
    key: 'notify_webhook_secret',
    label: 'Signed with',
    hint: 'whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has it. Sealed at once.',
    isSecret: true,
  },
];

export const Notices = ({ config }: { config: ConfigEntry[] }) => (
  <ConfigForm title="Notices" settings={notices} config={config}>
    <HowTheyStand />
  </ConfigForm>
);

function HowTheyStand() {
  const state = useQuery(noticesQuery).data;
  if (!state || state.origin === null) return null;
  const { origin, waiting, oldestAt, givenUp, lastError } = state;
  return (
    <div className="text-[13px] text-ink-2">
      {waiting === 0 ? (
        <p>{origin} was told everything.</p>
      ) : (
        <p className="text-wait">
          {plural(waiting, 'notice')} wait{waiting === 1 ? 's' : ''} for {origin}
          {oldestAt === null ? '' : ', the oldest since '}
          {oldestAt === null ? null : <Ago at={oldestAt} />}.
        </p>
      )}
      {givenUp > 0 ? (
        <p className="text-bad">{plural(givenUp, 'notice')} given up in the last two weeks.</p>
      ) : null}
      {lastError === null ? null : <p className="break-words">The last try: {lastError}</p>}
    </div>
  );
}

/** The keys that the console listens to, on `?`. */
import { Link } from '@tanstack/react-router';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../words/t.ts';
import { places } from './places.ts';

const others: [keys: string, does: string][] = [
  ['Ctrl K', t('Find anything: pages, skills, runs, connections, settings')],
  ['/', t('The same')],
  ['< >', t('On a day, and in Costs: the one before, the one after')],
  ['Esc', t('Close what is open')],
  ['?', t('Show these keys')],
];

export const KeysHelp = ({ open, onClose }: { open: boolean; onClose(): void }) => (
  <Dialog open={open} onClose={onClose} title={t('Keys')} lead={t('They work wherever you are not typing.')}>
    <KeyList />
    <Link to="/help" onClick={onClose} className="mt-4 inline-block font-medium text-accent hover:underline">
      {t('All help, and what the words mean')}
    </Link>
  </Dialog>
);

export const KeyList = () => (
  <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-6 gap-y-2">
    {others.map(([keys, does]) => (
      <Line key={keys} keys={keys} does={does} />
    ))}
    {places.map(({ keys, name }) => (
      <Line key={keys} keys={keys} does={t('Go to {name}', { name })} />
    ))}
  </dl>
);

const Line = ({ keys, does }: { keys: string; does: string }) => (
  <>
    <dt className="flex gap-1">
      {keys.split(' ').map((key) => (
        // No two of a line are the same.
        <kbd
          key={key}
          className="rounded border border-line-strong bg-sunken px-1.5 font-mono text-xs leading-5"
        >
          {key}
        </kbd>
      ))}
    </dt>
    <dd className="text-ink-2">{does}</dd>
  </>
);

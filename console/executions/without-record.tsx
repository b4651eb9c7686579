/** What stands in the place of the steps where there is no record of them. */
import { Link } from '@tanstack/react-router';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';

/** By retention, or by hand. */
export const Removed = ({ at }: { at: string }) => (
  <p className="px-1 py-6 text-ink-2">
    {rich(
      'What it did, step by step, is kept no longer: it was removed {ago}. <link>How long things are kept</link>',
      {
        ago: <Ago at={at} />,
        link: (words) => (
          <Link to="/settings" hash="keeping" className="font-medium text-accent hover:underline">
            {words}
          </Link>
        ),
      },
    )}
  </p>
);

/** It is over, and no event of it is on record: it came from elsewhere, or is older than they are. */
export const Untold = () => (
  <p className="px-1 py-3 text-ink-2">{t('It is over. Turn by turn, what it did is not on record.')}</p>
);

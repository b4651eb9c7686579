/** A way to the words about something, in the documentation that the VM serves. */
import { Link } from '@tanstack/react-router';
import { t } from '../words/t.ts';
import { CircleHelp } from './icons.tsx';

export type HelpPlace = `${string}#${string}`;

/** @param about what it says more of; @param place as `operations#money` */
export function HelpLink({ about, place }: { about: string; place: HelpPlace }) {
  const [document = '', section = ''] = place.split('#');
  return (
    <Link
      to="/help/$document"
      params={{ document }}
      search={{ section }}
      aria-label={t('Help: {about}', { about })}
      title={t('Help: {about}', { about })}
      className="inline-flex size-6 items-center justify-center rounded-full align-middle text-ink-3 hover:bg-hover hover:text-ink"
    >
      <CircleHelp className="size-4" />
    </Link>
  );
}

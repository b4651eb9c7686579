import { Link } from '@tanstack/react-router';
import { t } from '../words/t.ts';

/** The way from a skill, or from a run of it, to all of its runs. */
export const RunsLink = ({ slug }: { slug: string }) => (
  <Link
    to="/executions"
    search={{ skill: slug }}
    className="text-[13px] font-medium whitespace-nowrap text-accent hover:underline"
  >
    {t('All of its runs')}
  </Link>
);

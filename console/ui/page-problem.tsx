import { Link } from '@tanstack/react-router';
import { ApiError } from '../api/client.ts';
import { t } from '../words/t.ts';
import { buttonClass } from './button.tsx';
import { Empty } from './panel.tsx';
import { ProblemNote } from './problem.tsx';

/** In place of a page that could not be read: of what is not there, where to go instead. */
export function PageProblem({
  error,
  title,
  list,
  listName,
}: {
  error: unknown;
  /** `This skill is not here`. */
  title: string;
  list: string;
  /** As the way back says it: `All skills`. */
  listName: string;
}) {
  const status = error instanceof ApiError ? error.problem.status : undefined;
  // An address that cannot be anything's is refused before it is looked for.
  if (status !== 404 && status !== 422) return <ProblemNote error={error} />;
  return (
    <Empty
      title={title}
      isPage
      action={
        <Link to={list} className={buttonClass('primary')}>
          {listName}
        </Link>
      }
    >
      {t('It may have been removed, or the address is mistyped.')}
    </Empty>
  );
}

import { Link } from '@tanstack/react-router';
import { ApiError } from '../api/client.ts';
import { buttonClass } from './button.tsx';
import { Empty } from './panel.tsx';
import { ProblemNote } from './problem.tsx';

/** In place of a page that could not be read: of what is not there, where to go instead. */
export function PageProblem({
  error,
  what,
  list,
  listName,
}: {
  error: unknown;
  /** What the page would be about: `skill`. */
  what: string;
  list: string;
  /** As the way back says it: `All skills`. */
  listName: string;
}) {
  const status = error instanceof ApiError ? error.problem.status : undefined;
  // An address that cannot be anything's is refused before it is looked for.
  if (status !== 404 && status !== 422) return <ProblemNote error={error} />;
  return (
    <Empty
      title={`This ${what} is not here`}
      isPage
      action={
        <Link to={list} className={buttonClass('primary')}>
          {listName}
        </Link>
      }
    >
      It may have been removed, or the address is mistyped.
    </Empty>
  );
}

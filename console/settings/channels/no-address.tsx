/** Said where notices are set up while nothing in them can be opened: Alfred has no address that leads here from elsewhere. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../../api/queries.ts';
import { rich } from '../../words/t.ts';

export function NoAddress({ onLeave }: { onLeave?: () => void }) {
  const session = useQuery(sessionQuery).data;
  if (session === undefined || session.publicUrl) return null;
  return (
    <p className="rounded-lg border border-wait/30 bg-wait-soft px-3 py-2 text-[13px]">
      {rich(
        'Notices come without links, and no call can be approved from one: Alfred has no address yet that opens elsewhere than here. <link>How it gets one</link>',
        {
          link: (words) => (
            <Link
              to="/settings"
              hash="phone"
              {...(onLeave === undefined ? {} : { onClick: onLeave })}
              className="font-medium text-accent underline underline-offset-2"
            >
              {words}
            </Link>
          ),
        },
      )}
    </p>
  );
}

/** The page of a replay beside the run that it replays. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { comparisonQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { PageHead } from '../ui/panel.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t } from '../words/t.ts';
import { ComparisonView } from './comparison-view.tsx';

const route = getRouteApi('/executions/$id/comparison');

export function ComparisonPage() {
  const { id } = route.useParams();
  const comparison = useQuery(comparisonQuery(id));
  const { original } = comparison.data ?? {};
  return (
    <>
      <WayBack to="/executions/$id" params={{ id }}>
        {t('The replay')}
      </WayBack>
      <PageHead
        title={
          original === undefined
            ? t('A replay')
            : t('Replay of {skillSlug}', { skillSlug: original.skillSlug })
        }
        lead={t(
          'An earlier run gone through again: the model was asked anew, and what its tools had said then answered.',
        )}
        actions={
          original === undefined ? null : (
            <Link to="/executions/$id" params={{ id: original.id }} className={buttonClass()}>
              {t('The earlier run')}
            </Link>
          )
        }
      />
      <ComparisonView id={id} />
    </>
  );
}

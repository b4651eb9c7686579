import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Model, ModelTrouble } from '../../src/contract/model.ts';
import { modelQuery } from '../api/queries.ts';
import { dayTime } from '../ui/format.ts';
import { isForTerminals } from '../ui/problem-words.ts';
import { rich, t } from '../words/t.ts';

export const isModelNoted = (model: Model): boolean => model.rehearsal || model.trouble !== null;

/** Every screen says so while no model can be asked, or the one there is does not answer. */
export function ModelNote() {
  const model = useQuery(modelQuery);
  if (model.data?.trouble) return <TroubleNote trouble={model.data.trouble} />;
  if (!model.data?.rehearsal) return null;
  return (
    <p className="mb-5 flex flex-wrap items-center gap-x-2 rounded-lg border border-line bg-wait-soft px-3 py-2 text-[13px]">
      <span className="font-medium text-wait">{t('Rehearsal')}</span>
      <span className="text-ink-2">
        {t('The built-in rehearsal model answers: it calls read-only tools, and understands nothing.')}
      </span>
      {model.data.hasApiKey ? null : (
        <Link to="/settings" hash="model" className="font-medium text-accent hover:underline">
          {t('Give Alfred a model')}
        </Link>
      )}
    </p>
  );
}

const TroubleNote = ({ trouble: { since, message, remedy } }: { trouble: ModelTrouble }) => (
  <p
    role="status"
    className="mb-5 flex flex-wrap items-baseline gap-x-2 rounded-lg border border-bad/30 bg-bad-soft px-3 py-2 text-[13px]"
  >
    <span className="font-medium text-bad">{t('The model has not answered')}</span>
    <span className="text-ink-2">
      {rich('since {since}:', { since: <time dateTime={since}>{dayTime(since)}</time> })}
    </span>
    <span className="min-w-0 break-words text-ink-2">
      {message} {isForTerminals(remedy) ? null : remedy}
    </span>
    <Link to="/settings" hash="model" className="font-medium text-accent hover:underline">
      {t('Look at it, and try again')}
    </Link>
  </p>
);

/** Where the model reads on: what was said before is there for whoever reads here, and for it a summary is. */
import type { ConversationSummary } from '../../src/contract/chat.ts';
import { money } from '../ui/format.ts';
import { ChevronRight } from '../ui/more-icons.tsx';
import { Prose } from '../ui/prose.tsx';
import { t } from '../words/t.ts';

export const SummaryNote = ({ summary: { text, messages, costUsd } }: { summary: ConversationSummary }) => (
  <details className="group/summary my-2 rounded-lg border border-line border-dashed text-[13px] text-ink-2">
    <summary className="flex items-center gap-2 rounded-lg px-3 py-2 hover:bg-hover">
      <span className="min-w-0 flex-1">
        {t('Earlier messages were summed up for Alfred, as the conversation is long. You see all of them.')}
      </span>
      {costUsd === null || costUsd === 0 ? null : (
        <span className="shrink-0 tabular-nums">{money(costUsd)}</span>
      )}
      <ChevronRight
        aria-hidden="true"
        className="size-3.5 shrink-0 text-ink-3 transition-transform group-open/summary:rotate-90"
      />
    </summary>
    <div className="space-y-2 border-t border-line px-3 py-3">
      <p>
        {t(
          'What Alfred is told of the {messages} messages above, made by the model. It goes on from this, and from what stands below.',
          { messages },
        )}
      </p>
      {text === '' ? (
        <p className="text-ink-3">{t('It was dropped, with a message that it tells of.')}</p>
      ) : (
        <div className="text-ink">
          <Prose text={text} />
        </div>
      )}
    </div>
  </details>
);

/** One conversation: what was said, and where one goes on. */
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Conversation } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { money } from '../ui/format.ts';
import { ArrowDown, ArrowLeft } from '../ui/more-icons.tsx';
import { PageProblem } from '../ui/page-problem.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { Bubble } from './asked-message.tsx';
import { branchOf, costOf, underWay } from './branches.ts';
import { Composer } from './composer.tsx';
import { ComposerPlace } from './composer-place.tsx';
import { ConversationMenu, titleOf } from './conversation-row.tsx';
import type { ConversationView } from './conversation-view.ts';
import { useDraft } from './draft.ts';
import { MayUse } from './may-use.tsx';
import { Thread } from './thread.tsx';
import { type Choice, choiceOf } from './tool-choice.ts';
import { useConversation } from './use-conversation.ts';
import { useEnd } from './use-end.ts';
import { useSending } from './use-sending.ts';

const route = getRouteApi('/chat/$id');

export function ConversationPage() {
  const { id } = route.useParams();
  const { conversation, view, error, isBroken, setConversation } = useConversation(id);
  if (error)
    return (
      <PageProblem
        error={error}
        title={t('This conversation is not here')}
        list="/chat"
        listName={t('Begin a new one')}
      />
    );
  if (!conversation || !view) return <SkeletonRows rows={6} className="h-16" />;
  return (
    <Shown
      key={id}
      conversation={conversation}
      view={view}
      isBroken={isBroken}
      onConversation={setConversation}
    />
  );
}

function Shown({
  conversation,
  view,
  isBroken,
  onConversation,
}: {
  conversation: Conversation;
  view: ConversationView;
  isBroken: boolean;
  onConversation(conversation: Conversation): void;
}) {
  const { id } = conversation;
  const { messages } = view;
  const branch = branchOf(messages, view.headId);
  const [draft, setDraft] = useDraft(id);
  const { pending, error, onSend, onStop, actions } = useSending(id, view, {
    draft,
    onDraft: setDraft,
    onConversation,
  });
  const { isAtEnd, toEnd } = useEnd(view);
  const current = underWay(messages);
  return (
    <section className="flex min-w-0 grow flex-col">
      <Head conversation={conversation} cost={costOf(messages)} />
      <div className="mx-auto w-full max-w-3xl grow space-y-6 pt-4 pb-6">
        <Thread view={view} branch={branch} actions={actions} hasKeys={draft.text === ''} />
        {pending === undefined ? null : (
          <div className="flex flex-col items-end">
            <Bubble isFaint>{pending}</Bubble>
          </div>
        )}
      </div>
      <ComposerPlace error={error}>
        {isAtEnd ? null : <ToEnd onEnd={toEnd} />}
        {isBroken ? <Broken /> : null}
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={(said) => {
            onSend(said);
            toEnd();
          }}
          onStop={onStop}
          isUnderWay={current !== undefined}
          hint={current === undefined ? t('Go on') : t('What you send now waits its turn')}
        >
          <ConversationMayUse conversation={conversation} onConversation={onConversation} />
        </Composer>
      </ComposerPlace>
    </section>
  );
}

const Head = ({ conversation, cost }: { conversation: Conversation; cost: number | null | undefined }) => (
  <header className="sticky top-0 z-5 mx-auto flex w-full max-w-3xl items-center gap-2 bg-page py-2">
    <Link
      to="/chat"
      aria-label={t('Conversations')}
      className="flex size-9 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover lg:hidden"
    >
      <ArrowLeft aria-hidden="true" className="size-4" />
    </Link>
    <h1 className="min-w-0 flex-1 truncate text-base font-semibold">{titleOf(conversation)}</h1>
    {cost === undefined ? null : (
      <span
        className="text-[13px] text-ink-2 tabular-nums"
        title={t('What its answers cost so far, other versions too')}
      >
        {cost === null ? t('unpriced') : money(cost)}
      </span>
    )}
    <ConversationMenu conversation={conversation} isShown />
  </header>
);

function ConversationMayUse({
  conversation,
  onConversation,
}: {
  conversation: Conversation;
  onConversation(conversation: Conversation): void;
}) {
  const queries = useQueryClient();
  const save = async ({ tools, unasked, model, effort }: Choice) => {
    onConversation(
      await api.updateConversation({
        params: { id: conversation.id },
        body: { tools, unasked, model, effort },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['conversations'] });
  };
  return <MayUse choice={choiceOf(conversation)} conversation={conversation} onSave={save} />;
}

const ToEnd = ({ onEnd }: { onEnd(): void }) => (
  <div className="absolute inset-x-0 -top-10 flex justify-center">
    <Button
      size="icon"
      aria-label={t('To the end')}
      onClick={onEnd}
      className="rounded-full! bg-raised shadow-pop"
    >
      <ArrowDown className="size-4" />
    </Button>
  </div>
);

const Broken = () => (
  <p role="status" className="text-[13px] text-wait">
    {t('The server does not answer just now. This goes on by itself when it is back.')}
  </p>
);

/** Where a conversation begins: three things to try, and where one writes. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { skillsQuery } from '../api/queries.ts';
import { t } from '../words/t.ts';
import { Bubble } from './asked-message.tsx';
import { Composer } from './composer.tsx';
import { ComposerPlace } from './composer-place.tsx';
import { type Said, useDraft, withUnsent } from './draft.ts';
import { MayUse } from './may-use.tsx';
import { newClientId, sendSaid } from './send.ts';
import { newConversationOf, noChoice } from './tool-choice.ts';
import { useLatest } from './use-latest.ts';

export function NewConversationPage() {
  const [draft, setDraft] = useDraft('new');
  const latest = useLatest(draft);
  const [choice, setChoice] = useState(noChoice);
  const navigate = useNavigate();
  const queries = useQueryClient();
  // One that was made and not spoken to yet, as sending failed.
  const made = useRef<string>(undefined);
  const begin = useMutation({
    mutationFn: async (said: Said) => {
      made.current ??= (await api.createConversation({ body: newConversationOf(choice) })).id;
      await sendSaid(made.current, said);
      return made.current;
    },
    onSuccess: async (id) => {
      void queries.invalidateQueries({ queryKey: ['conversations'] });
      await navigate({ to: '/chat/$id', params: { id }, resetScroll: false });
    },
    onError: (_, said) => setDraft(withUnsent(latest.current, said)),
  });
  return (
    <section className="flex min-w-0 grow flex-col gap-6">
      <div className="flex grow flex-col justify-center py-8">
        {begin.isPending ? (
          <div className="flex flex-col items-end">
            <Bubble isFaint>{begin.variables.text}</Bubble>
          </div>
        ) : (
          <ThingsToTry onTry={(text) => begin.mutate({ text, files: [], clientId: newClientId() })} />
        )}
      </div>
      <ComposerPlace error={begin.error}>
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={begin.mutate}
          onStop={() => undefined}
          isUnderWay={false}
          hint={t('Ask, or say what is to be done; / names a skill')}
        >
          <MayUse
            choice={choice}
            conversation={undefined}
            onSave={async (changed) => {
              made.current = undefined;
              setChoice(changed);
            }}
          />
        </Composer>
      </ComposerPlace>
    </section>
  );
}

function ThingsToTry({ onTry }: { onTry(said: string): void }) {
  const skills = useQuery(skillsQuery);
  const skill = skills.data?.find(({ isActive, isSystem }) => isActive && !isSystem);
  const things = [
    [t('Look around'), t('What can you do for me, and what may you use?')],
    skill === undefined
      ? [t('Begin something'), t('Which skills are there, and which should I begin with?')]
      : [t('Run {name}', { name: skill.name }), `/${skill.slug}`],
    [t('Teach something'), t('Teach a new skill')],
  ] as const;
  return (
    <div className="mx-auto w-full max-w-3xl space-y-5">
      <div className="space-y-1">
        <h1 className="text-[22px] leading-tight font-semibold tracking-tight">
          {t('What shall Alfred do?')}
        </h1>
        <p className="text-ink-2">
          {t(
            'It reads what it may, and asks before it changes anything. What it did for an answer stays on record.',
          )}
        </p>
      </div>
      <ul aria-label={t('Three things to try')} className="grid grid-cols-1 gap-2 sm:grid-cols-3">
        {things.map(([title, said]) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onTry(said)}
              className="flex h-full w-full flex-col rounded-xl border border-line bg-surface px-4 py-3 text-left hover:border-line-strong"
            >
              <span className="block font-medium">{title}</span>
              <span className="block text-[13px] text-ink-2">{said}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

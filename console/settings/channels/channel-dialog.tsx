/** Adds or changes a channel: how one gets what it asks for, its fields, and what it is told. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ChannelKind, channelKindNames, kindFacts } from '../../../src/contract/channel-kinds.ts';
import type { Channel } from '../../../src/contract/channels.ts';
import { api } from '../../api/api.ts';
import { ApiError } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { ShownOnce } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { say } from '../../ui/toast.ts';
import { t, told } from '../../words/t.ts';
import { BrowserFields } from './browser-fields.tsx';
import { bodyOf, type ChannelDraft, draftOf, newDraft } from './channel-draft.ts';
import { ConfigFields } from './channel-fields.tsx';
import { ChannelRulesForm } from './channel-rules-form.tsx';
import { NoAddress } from './no-address.tsx';
import { rememberChannel, subscribe, whyNot } from './this-browser.ts';

/** The dialog, in three stages: the kind is chosen, the fields are filled in, a secret that was made up is shown. */
export function ChannelDialog({
  channel,
  begin,
  onClose,
}: {
  channel: Channel | undefined;
  /** The kind of a new one, where it is chosen already. */
  begin: ChannelKind | undefined;
  onClose(): void;
}) {
  const [kind, setKind] = useState(begin);
  const [secret, setSecret] = useState<string>();
  if (secret !== undefined) return <MadeSecret secret={secret} onClose={onClose} />;
  if (channel === undefined && kind === undefined) return <KindChoice onClose={onClose} onChoose={setKind} />;
  const facts = kindFacts(channel?.kind ?? kind ?? 'email');
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={
        channel ? t('Change {name}', { name: channel.name }) : t('Add {label}', { label: told(facts.label) })
      }
      lead={told(facts.about)}
    >
      <ChannelForm
        channel={channel}
        begin={channel ? draftOf(channel) : newDraft(kind ?? 'email')}
        onClose={onClose}
        onSecret={setSecret}
      />
    </Dialog>
  );
}

const MadeSecret = ({ secret, onClose }: { secret: string; onClose(): void }) => (
  <Dialog
    open
    isKept
    onClose={onClose}
    title={t('The secret that signs')}
    footer={
      <Button look="primary" onClick={onClose}>
        {t('I have it')}
      </Button>
    }
  >
    <ShownOnce text={secret} />
  </Dialog>
);

function KindChoice({ onClose, onChoose }: { onClose(): void; onChoose(kind: ChannelKind): void }) {
  const [picked, setPicked] = useState<ChannelKind>('browser');
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t('Add a channel')}
      lead={t('Where do you want to be told?')}
      footer={
        <Button look="primary" onClick={() => onChoose(picked)}>
          {t('Next')}
        </Button>
      }
    >
      <ChoiceCards<ChannelKind>
        name="kind"
        legend={t('Kind of channel')}
        cards={channelKindNames.map(
          (kind) => [kind, told(kindFacts(kind).label), told(kindFacts(kind).about)] as const,
        )}
        picked={picked}
        onPick={setPicked}
      />
    </Dialog>
  );
}

type FormProps = {
  channel: Channel | undefined;
  begin: ChannelDraft;
  onClose(): void;
  /** Shows a secret that was made up, this once. */
  onSecret(secret: string): void;
};

/** Saves the channel, and says which of its fields cannot be kept. */
function useSaving({ channel, onClose, onSecret }: Omit<FormProps, 'begin'>) {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async (draft: ChannelDraft) => {
      // Asked first: a browser asks nobody long after the click.
      const own = draft.subscribes ? { config: await subscribe(), isActive: true } : {};
      const body = { ...bodyOf(draft, channel), ...own };
      const saved = channel
        ? await api.updateChannel({ params: { name: channel.name }, body })
        : await api.createChannel({ body: { ...body, kind: draft.kind } });
      if (draft.subscribes) rememberChannel(saved.id);
      return saved;
    },
    onSuccess: async ({ name, warnings = [] }) => {
      await queries.invalidateQueries({ queryKey: ['channels'] });
      const made = /whsec_\S+/.exec(warnings.join(' '))?.[0];
      if (channel) say(t('{name} is changed', { name }));
      else say(t('{name} is added', { name }), t('Send a test to see it arrive.'));
      if (made === undefined) onClose();
      else onSecret(made);
    },
  });
  const errors = save.error instanceof ApiError ? (save.error.problem.errors ?? []) : [];
  return { save, errors, errorAt: (at: string) => errors.find(({ field }) => field === at)?.message };
}

function ChannelForm({ begin, ...props }: FormProps) {
  const { channel, onClose } = props;
  const [draft, setDraft] = useState(begin);
  const { save, errors, errorAt } = useSaving(props);
  const facts = kindFacts(draft.kind);
  const Fields = facts.isMadeByBrowser ? BrowserFields : ConfigFields;
  const isHindered = draft.subscribes && whyNot() !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <ol className="list-decimal space-y-1 pl-5 text-ink-2">
        {facts.steps.map((step) => (
          <li key={step}>{told(step)}</li>
        ))}
      </ol>
      <Fields draft={draft} channel={channel} errorAt={errorAt} onChange={setDraft} />
      {facts.isMadeByBrowser ? null : <NoAddress onLeave={onClose} />}
      <ChannelRulesForm
        rules={draft.rules}
        errorAt={(field) => errorAt(`/rules/${field}`)}
        onChange={(rules) => setDraft({ ...draft, rules })}
      />
      {save.error && errors.length === 0 ? <ProblemNote error={save.error} /> : null}
      {errors.length > 0 ? (
        <p role="alert" className="text-[13px] text-bad">
          {t('Some fields need another look.')}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <Button type="submit" look="primary" busy={save.isPending} disabled={isHindered}>
          {channel ? t('Save') : t('Add it')}
        </Button>
      </div>
    </form>
  );
}

/** What the owner said, what was attached, and that it waits its turn. */
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, memo, useState } from 'react';
import type { Message } from '../../src/contract/chat.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { TextArea } from '../ui/field.tsx';
import { Clock } from '../ui/icons.tsx';
import { Pencil } from '../ui/more-icons.tsx';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { Attached } from './attached.tsx';
import {
  type BranchPlace,
  BranchSwitch,
  CopyText,
  type MessageActions,
  SmallButton,
} from './message-actions.tsx';
import { PickedFile } from './picked.tsx';

export const AskedMessage = memo(
  ({
    message,
    waits,
    place,
    actions,
  }: {
    message: Message;
    /** Behind an answer under way. */
    waits: boolean;
    place: BranchPlace;
    actions: MessageActions;
  }) => {
    const [isEditing, setEditing] = useState(false);
    if (isEditing)
      return <EditMessage message={message} onEdit={actions.onEdit} onClose={() => setEditing(false)} />;
    return (
      <div className="group flex flex-col items-end gap-1">
        <Attached conversationId={message.conversationId} attachments={message.attachments} />
        {message.text === '' ? null : <Bubble isFaint={waits}>{message.text}</Bubble>}
        {message.purged ? (
          <p className="text-[13px] text-ink-3">{t('What was said here was dropped.')}</p>
        ) : null}
        {waits ? (
          <p className="flex items-center gap-1.5 text-[13px] text-ink-2">
            <Clock aria-hidden="true" className="size-3.5" /> {t('It waits its turn.')}
            <Button look="quiet" size="sm" onClick={() => actions.onTakeBack(message.id)}>
              {t('Take it back')}
            </Button>
          </p>
        ) : (
          <div className="-mb-4 flex items-center lg:opacity-0 lg:group-hover:opacity-100 lg:group-focus-within:opacity-100">
            <BranchSwitch place={place} onShow={actions.onShow} />
            <CopyText text={message.text} label={t('Copy the message')} />
            {message.purged ? null : (
              <SmallButton
                label={t('Edit and send again')}
                icon={<Pencil />}
                onClick={() => setEditing(true)}
              />
            )}
          </div>
        )}
      </div>
    );
  },
);
AskedMessage.displayName = 'AskedMessage';

export const Bubble = ({ isFaint, children }: { isFaint: boolean; children: string }) => (
  <p
    className={cx(
      'max-w-[85%] rounded-2xl rounded-br-md border border-line bg-sunken px-4 py-2 leading-relaxed break-words whitespace-pre-wrap',
      isFaint && 'text-ink-2',
    )}
  >
    {children}
  </p>
);

function EditMessage({
  message,
  onEdit,
  onClose,
}: {
  message: Message;
  onEdit: MessageActions['onEdit'];
  onClose(): void;
}) {
  const [text, setText] = useState(message.text);
  const [attached, setAttached] = useState(message.attachments);
  const canSend = text.trim() !== '' || attached.length > 0;
  const send = useMutation({
    mutationFn: () =>
      onEdit(
        message.id,
        text,
        attached.map(({ id }) => id),
      ),
    onSuccess: onClose,
    onError: sayProblem,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) send.mutate();
  };
  return (
    <div className="ml-auto w-full max-w-[85%] space-y-2">
      {attached.length === 0 ? null : (
        <ul aria-label={t('Goes with the message')} className="flex flex-wrap justify-end gap-1.5">
          {attached.map(({ id, name, bytes }) => (
            <PickedFile
              key={id}
              name={name}
              bytes={bytes}
              onAway={() => setAttached(attached.filter((other) => other.id !== id))}
            />
          ))}
        </ul>
      )}
      <TextArea
        aria-label={t('The message, to be changed')}
        ref={(area) => area?.focus()}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="sm" look="quiet" onClick={onClose}>
          {t('Leave it')}
        </Button>
        <Button
          size="sm"
          look="primary"
          busy={send.isPending}
          disabled={!canSend}
          onClick={() => send.mutate()}
        >
          {t('Send again')}
        </Button>
      </div>
      <p className="text-right text-[13px] text-ink-2">{t('What followed it stays, as another version.')}</p>
    </div>
  );
}

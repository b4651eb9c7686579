import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Conversation, ConversationPatch } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { shownConversationQuery } from '../api/queries.ts';
import { usePropose } from '../proposals/teach.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Hand, LoaderCircle, WandSparkles } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { Archive, Pencil, RotateCcw, Trash2 } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export const titleOf = ({ title }: Pick<Conversation, 'title'>): string => title || t('New conversation');

export function ConversationRow({ conversation, isShown }: { conversation: Conversation; isShown: boolean }) {
  const { id, status, updatedAt } = conversation;
  return (
    <li
      className={cx(
        'group relative flex items-center rounded-md hover:bg-hover has-focus-visible:bg-hover',
        isShown && 'bg-hover',
      )}
    >
      <Link
        to="/chat/$id"
        params={{ id }}
        resetScroll={false}
        aria-current={isShown ? 'page' : undefined}
        className="min-w-0 flex-1 py-2 pr-1 pl-3"
      >
        <span className={cx('flex items-center gap-2', isShown && 'font-medium')}>
          <span className="truncate">{titleOf(conversation)}</span>
          <StatusIcon status={status} />
        </span>
        <Ago at={updatedAt} className="text-xs text-ink-3" />
      </Link>
      <ConversationMenu
        conversation={conversation}
        isShown={isShown}
        className="mr-1 lg:opacity-0 lg:group-hover:opacity-100 lg:group-has-focus-visible:opacity-100 lg:data-[popup-open]:opacity-100"
      />
    </li>
  );
}

function StatusIcon({ status }: Pick<Conversation, 'status'>) {
  if (status === 'idle') return null;
  return status === 'waiting_approval' ? (
    <Hand aria-label={t('waits for you')} className="size-3.5 shrink-0 text-wait" />
  ) : (
    <LoaderCircle aria-label={t('answers')} className="size-3.5 shrink-0 animate-spin text-live" />
  );
}

export function ConversationMenu({
  conversation,
  isShown,
  className,
}: {
  conversation: Conversation;
  isShown: boolean;
  className?: string;
}) {
  const [asked, setAsked] = useState<'name' | 'delete'>();
  const change = useChangeConversation(conversation.id);
  const propose = usePropose();
  const isArchived = conversation.archivedAt !== null;
  const archive = (archived: boolean) =>
    change.mutate(
      { archived },
      {
        onSuccess: () =>
          archived
            ? say(t('“{conversation}” is archived', { conversation: titleOf(conversation) }), undefined, () =>
                change.mutate({ archived: false }),
              )
            : say(t('“{conversation}” is back', { conversation: titleOf(conversation) })),
        onError: sayProblem,
      },
    );
  return (
    <>
      <Menu
        label={t('More about {conversation}', { conversation: titleOf(conversation) })}
        look="quiet"
        className={cx('size-8', className)}
      >
        <MenuItem icon={<Pencil />} onSelect={() => setAsked('name')}>
          {t('Rename')}
        </MenuItem>
        <MenuItem icon={isArchived ? <RotateCcw /> : <Archive />} onSelect={() => archive(!isArchived)}>
          {isArchived ? t('Take out of the archive') : t('Archive')}
        </MenuItem>
        <MenuItem
          icon={<WandSparkles />}
          onSelect={() => propose.mutate({ conversationId: conversation.id }, { onError: sayProblem })}
        >
          {t('Make it a skill')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 />} isDanger onSelect={() => setAsked('delete')}>
          {t('Delete')}
        </MenuItem>
      </Menu>
      {asked === 'name' ? <Rename conversation={conversation} onClose={() => setAsked(undefined)} /> : null}
      <Delete
        conversation={conversation}
        isShown={isShown}
        open={asked === 'delete'}
        onClose={() => setAsked(undefined)}
      />
    </>
  );
}

function useChangeConversation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ConversationPatch) => api.updateConversation({ params: { id }, body }),
    onSuccess: (conversation) => queries.setQueryData(shownConversationQuery(id).queryKey, conversation),
    onSettled: () => queries.invalidateQueries({ queryKey: ['conversations'] }),
  });
}

function Rename({ conversation, onClose }: { conversation: Conversation; onClose(): void }) {
  const [title, setTitle] = useState(conversation.title);
  const change = useChangeConversation(conversation.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ title: title.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog open onClose={onClose} title={t('Rename the conversation')}>
      <form onSubmit={submit} className="space-y-4">
        <Field label={t('Title')}>
          {(props) => (
            <Input
              {...props}
              required
              maxLength={200}
              value={title}
              onChange={({ target }) => setTitle(target.value)}
            />
          )}
        </Field>
        {change.error ? <ProblemNote error={change.error} /> : null}
        <Button type="submit" look="primary" busy={change.isPending} disabled={title.trim() === ''}>
          {t('Save')}
        </Button>
      </form>
    </Dialog>
  );
}

function Delete({
  conversation,
  isShown,
  open,
  onClose,
}: {
  conversation: Conversation;
  isShown: boolean;
  open: boolean;
  onClose(): void;
}) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeConversation({ params: { id: conversation.id } }),
    onSuccess: async () => {
      onClose();
      if (isShown) await navigate({ to: '/chat' });
      say(t('The conversation was deleted'));
    },
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['conversations'] }),
  });
  return (
    <Confirm
      open={open}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      title={t('Delete “{conversation}”?', { conversation: titleOf(conversation) })}
      verb={t('Delete')}
    >
      {t(
        'What was said and attached is dropped for good, and what is under way is stopped. Its executions stay on record without their content.',
      )}
    </Confirm>
  );
}

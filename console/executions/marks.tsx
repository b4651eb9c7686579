/** What the owner says of what came of a run: pinned, how good it was, a few words. */
import { type FormEvent, useState } from 'react';
import type { Mark } from '../../src/contract/marks.ts';
import { useMark } from '../api/use-mark.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { TextArea } from '../ui/field.tsx';
import { type Icon, MessageCircle, Pin, ThumbsDown, ThumbsUp } from '../ui/icons.tsx';
import { t } from '../words/t.ts';

export function Marks({ id, mark }: { id: string; mark: Mark }) {
  const set = useMark(id);
  const [isOpen, setOpen] = useState(false);
  const rate = (rating: 'good' | 'bad') => set.mutate({ rating: mark.rating === rating ? null : rating });
  return (
    <div className="min-w-0 text-[13px] text-ink-2">
      <fieldset aria-label={t('What you say of it')} className="flex flex-wrap items-center gap-0.5">
        <Toggle icon={Pin} isOn={mark.pinned} onPress={() => set.mutate({ pinned: !mark.pinned })}>
          {mark.pinned ? t('Pinned') : t('Pin')}
        </Toggle>
        <Toggle
          icon={ThumbsUp}
          isOn={mark.rating === 'good'}
          label={t('It was good')}
          onPress={() => rate('good')}
        />
        <Toggle
          icon={ThumbsDown}
          isOn={mark.rating === 'bad'}
          label={t('It was not good')}
          onPress={() => rate('bad')}
        />
        {mark.comment === null || isOpen ? (
          <Toggle icon={MessageCircle} isOn={isOpen} onPress={() => setOpen(!isOpen)}>
            {t('Comment')}
          </Toggle>
        ) : null}
      </fieldset>
      {isOpen ? (
        <CommentForm
          text={mark.comment ?? ''}
          isBusy={set.isPending}
          onText={(comment) => set.mutate({ comment }, { onSuccess: () => setOpen(false) })}
          onClose={() => setOpen(false)}
        />
      ) : null}
      {mark.comment === null || isOpen ? null : (
        <button
          type="button"
          onClick={() => setOpen(true)}
          className="mt-1 block max-w-prose border-l-2 border-line-strong pl-2 text-left wrap-anywhere whitespace-pre-wrap hover:text-ink"
        >
          <span className="sr-only">{t('Your comment, to change:')} </span>
          {mark.comment}
        </button>
      )}
    </div>
  );
}

function Toggle({
  icon: Picture,
  isOn,
  label,
  onPress,
  children,
}: {
  icon: Icon;
  isOn: boolean;
  /** What it means, where no words stand beside it. */
  label?: string;
  onPress(): void;
  children?: string;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={onPress}
      className={cx(
        'inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-hover hover:text-ink',
        isOn && 'bg-accent-soft font-medium text-accent',
      )}
    >
      <Picture className="size-3.5" /> {children}
    </button>
  );
}

function CommentForm({
  text,
  isBusy,
  onText,
  onClose,
}: {
  text: string;
  isBusy: boolean;
  onText(text: string | null): void;
  onClose(): void;
}) {
  const [typed, setTyped] = useState(text);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onText(typed.trim() === '' ? null : typed.trim());
  };
  return (
    <form onSubmit={save} className="mt-1 max-w-prose space-y-2">
      <TextArea
        autoFocus
        aria-label={t('Your comment')}
        maxLength={2000}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={({ key }) => (key === 'Escape' ? onClose() : undefined)}
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" size="sm" busy={isBusy}>
          {t('Save')}
        </Button>
        <Button look="quiet" size="sm" onClick={onClose}>
          {t('Cancel')}
        </Button>
      </div>
    </form>
  );
}

/** In a row: nothing where nothing was said. */
export const MarkSigns = ({ mark: { pinned, rating, comment } }: { mark: Mark }) => (
  <>
    {pinned ? <Pin aria-label={t('pinned')} className="size-3.5 shrink-0 self-center text-accent" /> : null}
    {rating === 'good' ? (
      <ThumbsUp aria-label={t('rated good')} className="size-3.5 shrink-0 self-center text-good" />
    ) : null}
    {rating === 'bad' ? (
      <ThumbsDown aria-label={t('rated bad')} className="size-3.5 shrink-0 self-center text-bad" />
    ) : null}
    {comment === null ? null : (
      <MessageCircle
        aria-label={t('you said: {comment}', { comment })}
        className="size-3.5 shrink-0 self-center text-ink-3"
      />
    )}
  </>
);

/** Where one writes: it grows with its text, Enter sends, Shift+Enter breaks the line. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { attachmentProblem, attachmentWords } from '../../src/contract/attachment-limits.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ArrowUp, Paperclip, Square } from '../ui/more-icons.tsx';
import { useFilePicker } from '../ui/use-file-picker.tsx';
import { t } from '../words/t.ts';
import { type Draft, noDraft, type Said } from './draft.ts';
import { useIncomingFiles } from './incoming-files.ts';
import { Picked } from './picked.tsx';
import { newClientId } from './send.ts';
import { SkillMenu, useSkillMenu } from './skill-menu.tsx';

export function Composer({
  draft,
  onDraft,
  onSend,
  onStop,
  isUnderWay,
  hint,
  children,
}: {
  draft: Draft;
  onDraft(draft: Draft): void;
  onSend(said: Said): void;
  onStop(): void;
  /** An answer comes: it can be stopped, and what is sent waits its turn. */
  isUnderWay: boolean;
  hint: string;
  /** What stands beneath the text: what may be used. */
  children: ReactNode;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, files } = draft;
  const onText = (changed: string) => onDraft({ text: changed, files });
  const onFiles = (changed: readonly File[]) => onDraft({ text, files: changed });
  const addFiles = (added: readonly File[]) => onFiles([...files, ...added]);
  const menu = useSkillMenu(text, onText);
  useFocusAtFirst(area);
  const problem = attachmentProblem(files);
  const canSend = (text.trim() !== '' || files.length > 0) && problem === undefined;
  const send = () => {
    if (!canSend) return;
    onDraft(noDraft);
    onSend({ text: text.trim(), files, clientId: draft.clientId ?? newClientId() });
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (menu.onKeyDown(event)) return;
    if (event.key === 'Escape' && isUnderWay) onStop();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const { isOver, filesProps } = useIncomingFiles(addFiles);
  return (
    <form
      aria-label={t('Message')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      {...filesProps}
      className={cx(
        'relative rounded-2xl border bg-surface shadow-pop has-[textarea:focus-visible]:border-accent',
        isOver ? 'border-accent bg-accent-soft' : 'border-line-strong/80',
      )}
    >
      <SkillMenu menu={menu} />
      <Picked files={files} problem={problem} onFiles={onFiles} />
      <textarea
        ref={area}
        aria-label={t('Message to Alfred')}
        rows={1}
        value={text}
        placeholder={hint}
        onChange={({ target }) => onText(target.value)}
        onKeyDown={onKeyDown}
        {...menu.textProps}
        className="field-sizing-content block max-h-[40dvh] min-h-11 w-full resize-none rounded-2xl bg-transparent px-4 pt-3 pb-1 text-base leading-relaxed outline-none placeholder:text-ink-3 sm:text-sm"
      />
      <div className="flex items-center gap-1 px-2 pb-2">
        <PickFiles onPick={addFiles} />
        {children}
        <span className="flex-1" />
        <SendButtons canSend={canSend} isUnderWay={isUnderWay} onStop={onStop} />
      </div>
    </form>
  );
}

function SendButtons({
  canSend,
  isUnderWay,
  onStop,
}: {
  canSend: boolean;
  isUnderWay: boolean;
  onStop(): void;
}) {
  return (
    <>
      {isUnderWay ? (
        <Button
          size="icon"
          aria-label={t('Stop the answer')}
          title={t('Stop the answer (Escape)')}
          onClick={onStop}
          className="rounded-full!"
        >
          <Square className="size-3.5" fill="currentColor" />
        </Button>
      ) : null}
      {isUnderWay && !canSend ? null : (
        <Button
          type="submit"
          look="primary"
          size="icon"
          aria-label={isUnderWay ? t('Send; it waits its turn') : t('Send')}
          title={t('Send (Enter)')}
          disabled={!canSend}
          className="rounded-full!"
        >
          <ArrowUp className="size-4" />
        </Button>
      )}
    </>
  );
}

/** With a pointer the keyboard is there anyway; on a phone it would cover half of the page. */
function useFocusAtFirst(area: React.RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    if (!matchMedia('(pointer: fine)').matches) return;
    // Behind the page's own beginning, which is where another page is read from.
    const frame = requestAnimationFrame(() => {
      const at = area.current;
      at?.focus({ preventScroll: true });
      at?.setSelectionRange(at.value.length, at.value.length);
    });
    return () => cancelAnimationFrame(frame);
  }, [area]);
}

function PickFiles({ onPick }: { onPick(files: File[]): void }) {
  const picker = useFilePicker(onPick, { label: t('Files to attach'), multiple: true });
  return (
    <>
      {picker.field}
      <Button
        look="quiet"
        size="icon"
        aria-label={t('Attach files')}
        title={t('Attach files: {attachmentWords}', { attachmentWords })}
        onClick={picker.open}
        className="rounded-full!"
      >
        <Paperclip className="size-4" />
      </Button>
    </>
  );
}

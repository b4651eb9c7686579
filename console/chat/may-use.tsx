/** Beside what one writes: what it may use, to be looked at and changed. */
import { useState } from 'react';
import type { Conversation } from '../../src/contract/chat.ts';
import { Button } from '../ui/button.tsx';
import { ShieldCheck } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import type { Choice } from './tool-choice.ts';

export function MayUse({
  choice,
  conversation,
  onSave,
}: {
  choice: Choice;
  /** What the choice comes to now; undefined while there is no conversation yet. */
  conversation: Conversation | undefined;
  onSave(choice: Choice): Promise<unknown>;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        size="sm"
        title={t('What this conversation may use')}
        icon={<ShieldCheck aria-hidden="true" className="size-4 shrink-0" />}
        onClick={() => setOpen(true)}
        className="min-w-0 shrink! rounded-full! font-normal"
      >
        <span className="truncate">
          <span className="sr-only">{t('What it may use:')} </span>
          {wordsFor(choice, conversation)}
          {choice.model === null ? '' : `, ${choice.model}`}
        </span>
      </Button>
      {isOpen ? <ChoiceDialog choice={choice} onSave={onSave} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function wordsFor({ tools, unasked }: Choice, conversation: Conversation | undefined): string {
  if (conversation === undefined) {
    if (tools === null) return t('Reads what is ready, asks before the rest');
    return t(
      '{tools, plural, one {# tool} other {# tools}}{unasked, plural, =0 {} other {, {unasked} more unasked}}',
      { tools: tools.length, unasked: unasked.length },
    );
  }
  const { asks, hasOwnTools } = conversation;
  const free = hasOwnTools ? conversation.tools.length - asks.length : conversation.tools.length;
  const unaskedWords =
    free === 0 ? t('No tool unasked') : t('{free, plural, one {# tool} other {# tools}} unasked', { free });
  return asks.length === 0
    ? unaskedWords
    : t('{unaskedWords}, {asks} after asking', { unaskedWords, asks: asks.length });
}

/** What can be done with a message: small, beneath it. */
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.tsx';
import { ChevronLeft, ChevronRight, Copy } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';

/** What a message can ask of its conversation. */
export type MessageActions = {
  /** Another text in the place of a message of the owner's, with these of its attachments: a branch. */
  onEdit(messageId: string, text: string, attachmentIds: string[]): Promise<void>;
  onRetry(answerId: string): void;
  onTakeBack(messageId: string): void;
  /** Shows the branch that a message stands in. */
  onShow(messageId: string): void;
};

/** Where a message stands among those in its place in other branches. */
export type BranchPlace = {
  number: number;
  of: number;
  before: string | undefined;
  behind: string | undefined;
};

export const SmallButton = ({
  label,
  icon,
  onClick,
}: {
  label: string;
  icon: React.ReactNode;
  onClick(): void;
}) => (
  <Button
    look="quiet"
    size="icon"
    aria-label={label}
    title={label}
    onClick={onClick}
    className="size-7 [&_svg]:size-3.5"
  >
    {icon}
  </Button>
);

export const CopyText = ({ text, label }: { text: string; label: string }) => (
  <SmallButton label={label} icon={<Copy />} onClick={() => copyText(text)} />
);

export function BranchSwitch({
  place: { number, of, before, behind },
  onShow,
}: {
  place: BranchPlace;
  onShow(messageId: string): void;
}) {
  if (of < 2) return null;
  const to = (label: string, id: string | undefined, icon: ReactNode) => (
    <Button
      look="quiet"
      size="icon"
      aria-label={label}
      disabled={id === undefined}
      onClick={() => id && onShow(id)}
      className="size-7"
    >
      {icon}
    </Button>
  );
  return (
    <span className="flex items-center text-xs text-ink-2 tabular-nums">
      {to(t('The version before'), before, <ChevronLeft className="size-3.5" />)}
      <span aria-live="polite">{t('{number} of {of}', { number, of })}</span>
      {to(t('The version behind'), behind, <ChevronRight className="size-3.5" />)}
    </span>
  );
}

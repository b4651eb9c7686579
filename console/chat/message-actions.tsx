/** What can be done with a message: small, beneath it. */
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.tsx';
import { ChevronLeft, ChevronRight, Copy } from '../ui/icons.tsx';

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
  return (
    <span className="flex items-center text-xs text-ink-2 tabular-nums">
      <Button
        look="quiet"
        size="icon"
        aria-label="The version before"
        disabled={before === undefined}
        onClick={() => before && onShow(before)}
        className="size-7"
      >
        <ChevronLeft className="size-3.5" />
      </Button>
      <span aria-live="polite">
        {number} of {of}
      </span>
      <Button
        look="quiet"
        size="icon"
        aria-label="The version behind"
        disabled={behind === undefined}
        onClick={() => behind && onShow(behind)}
        className="size-7"
      >
        <ChevronRight className="size-3.5" />
      </Button>
    </span>
  );
}

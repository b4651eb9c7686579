import type { ReactNode } from 'react';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { Copy } from './more-icons.tsx';
import { say, sayProblem } from './toast.ts';

/** Puts a text where it can be pasted from, and says so. */
export function copyText(text: string): void {
  // Where a page may not copy, a browser has no clipboard for it, or refuses in words of its own that name nothing to do.
  const refused = () =>
    sayProblem(
      new Error(
        t('A browser lets a page copy at an https address or on this machine only. Mark the text instead.'),
      ),
    );
  if (window.isSecureContext) void navigator.clipboard.writeText(text).then(() => say(t('Copied')), refused);
  else refused();
}

/** A text that is entered elsewhere, as an address or a command, with the button that copies it. */
export const CopyField = ({ text }: { text: string }) => (
  <div className="flex items-center gap-2">
    <code className="min-w-0 flex-1 rounded-lg bg-sunken px-3 py-2 font-mono text-[13px] break-all">
      {text}
    </code>
    <CopyButton text={text} />
  </div>
);

/** Sentences that are sent to somebody. */
export const CopyWords = ({ words }: { words: string }) => (
  <div className="space-y-2 rounded-lg bg-sunken px-3 py-2">
    <p>{words}</p>
    <CopyButton text={words} size="sm" />
  </div>
);

/** A secret that was made just now. @param children what else there is to know of it */
export const ShownOnce = ({ text, children }: { text: string; children?: ReactNode }) => (
  <div role="status" className="space-y-1 rounded-lg border border-good/30 bg-good-soft p-3">
    <div className="flex items-center justify-between gap-3">
      <p className="font-medium">{t('Copy it now: it is not shown again.')}</p>
      <CopyButton text={text} />
    </div>
    <code className="block font-mono text-[13px] break-all">{text}</code>
    {children}
  </div>
);

export const CopyButton = ({
  text,
  look = 'plain',
  size = 'md',
}: {
  text: string;
  look?: 'plain' | 'primary' | 'quiet';
  size?: 'md' | 'sm';
}) => (
  <Button look={look} size={size} icon={<Copy className="size-4" />} onClick={() => copyText(text)}>
    {t('Copy')}
  </Button>
);

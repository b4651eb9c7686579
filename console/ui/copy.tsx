import { Button } from './button.tsx';
import { Copy } from './icons.tsx';
import { say, sayProblem } from './toast.tsx';

/** Puts a text where it can be pasted from, and says so. */
export function copyText(text: string): void {
  // Elsewhere a browser has no clipboard for a page.
  if (!window.isSecureContext) {
    sayProblem(
      new Error(
        'A browser lets a page copy at an https address or on this machine only. Mark the text instead.',
      ),
    );
    return;
  }
  void navigator.clipboard.writeText(text).then(
    () => say('Copied'),
    (error) => sayProblem(error),
  );
}

export const CopyButton = ({ text, look = 'plain' }: { text: string; look?: 'plain' | 'primary' }) => (
  <Button look={look} icon={<Copy className="size-4" />} onClick={() => copyText(text)}>
    Copy
  </Button>
);

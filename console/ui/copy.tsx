import { Button } from './button.tsx';
import { Copy } from './icons.tsx';
import { say, sayProblem } from './toast.tsx';

/** Puts a text where it can be pasted from, and says so. */
export const copyText = (text: string): void =>
  void navigator.clipboard.writeText(text).then(
    () => say('Copied'),
    (error) => sayProblem(error),
  );

export const CopyButton = ({ text, look = 'plain' }: { text: string; look?: 'plain' | 'primary' }) => (
  <Button look={look} icon={<Copy className="size-4" />} onClick={() => copyText(text)}>
    Copy
  </Button>
);

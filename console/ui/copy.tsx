import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { sayProblem } from './toast.tsx';

/** Copies a text, and says so in its place. */
export function CopyButton({ text, name = 'Copy' }: { text: string; name?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      size="sm"
      look="quiet"
      icon={isCopied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true), sayProblem)}
    >
      {isCopied ? 'Copied' : name}
    </Button>
  );
}

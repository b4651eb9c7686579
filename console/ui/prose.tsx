/**
 * Text that a model wrote, as Markdown. Nothing in it is taken as HTML, no image is loaded, and a link shows its address, to
 * be read before it is followed: the text may be an attacker's.
 */
import { type ReactNode, useRef } from 'react';
import Markdown, { type Components } from 'react-markdown';
import gfm from 'remark-gfm';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { copyText } from './copy.tsx';
import { Copy } from './more-icons.tsx';
import { Scroller } from './scroller.tsx';

const heading: Components['h1'] = ({ children }) => <p className="pt-1 font-semibold">{children}</p>;

/** What each mark of Markdown becomes. */
export const proseParts: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  ul: ({ children }) => <ul className="list-disc space-y-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal space-y-1 pl-6">{children}</ol>,
  a: ({ href, children }) => (
    <span>
      {children} {href && href !== String(children) ? <span className="text-ink-2">({href})</span> : null}
    </span>
  ),
  img: ({ alt, src }) => (
    <span className="text-ink-2">{t('[image: {alt}]', { alt: alt || String(src ?? '') })}</span>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  code: ({ children }) => (
    <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.92em] break-words">{children}</code>
  ),
  blockquote: ({ children }) => (
    <blockquote className="border-l-2 border-line pl-3 text-ink-2">{children}</blockquote>
  ),
  hr: () => <hr className="border-line" />,
  table: ({ children }) => (
    <Scroller>
      <table className="text-left text-[13px] [&_td]:border-b [&_td]:border-line [&_td]:py-1 [&_td]:pr-4 [&_td]:align-top [&_th]:border-b [&_th]:border-line-strong [&_th]:py-1 [&_th]:pr-4 [&_th]:font-medium">
        {children}
      </table>
    </Scroller>
  ),
};

function CodeBlock({ children }: { children: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  return (
    <div className="group/code relative">
      <pre
        ref={block}
        className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 text-[12.5px] [&_code]:bg-transparent [&_code]:p-0"
      >
        {children}
      </pre>
      <Button
        size="icon"
        aria-label={t('Copy the code')}
        title={t('Copy the code')}
        onClick={() => copyText(block.current?.textContent ?? '')}
        className="absolute top-1 right-1 size-7 opacity-0 group-hover/code:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
      >
        <Copy className="size-3.5" />
      </Button>
    </div>
  );
}

export const Prose = ({ text }: { text: string }) => (
  <div className="space-y-3 leading-relaxed break-words">
    <Markdown remarkPlugins={[gfm]} components={proseParts} skipHtml>
      {text}
    </Markdown>
  </div>
);

/**
 * What a tool answered: of an MCP result its texts and images, of anything else its JSON. All of it may be an attacker's: no
 * HTML, nothing that loads, and images only where they stand in the answer themselves.
 */
import { useState } from 'react';
import { parseExactJson } from '../../src/contract/exact-json.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { Prose } from '../ui/prose.tsx';
import { t } from '../words/t.ts';

type Content = {
  type?: string;
  text?: string;
  data?: string;
  mimeType?: string;
  source?: { type?: string; data?: string; media_type?: string };
  resource?: { text?: string };
};

export function ResultView({ value }: { value: unknown }) {
  if (typeof value === 'string') return <TextView text={value} />;
  const content = Array.isArray(value) ? value : (value as { content?: unknown } | null)?.content;
  if (!Array.isArray(content)) return <JsonBox value={value} />;
  if (content.length === 0) return <p className="text-[13px] text-ink-3">{t('Nothing.')}</p>;
  return (
    <div className="space-y-2">
      {(content as Content[]).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of an answer never change their places
        <PartView key={index} part={part} />
      ))}
    </div>
  );
}

function PartView({ part }: { part: Content }) {
  if (part.type === 'text') return <TextView text={part.text ?? ''} />;
  if (part.type === 'resource' && part.resource?.text !== undefined) {
    return <TextView text={part.resource.text} />;
  }
  const image = imageOf(part);
  if (image === undefined) return <JsonBox value={part} />;
  return (
    <img
      src={image}
      alt={t('What the tool answered')}
      className="max-h-96 max-w-full rounded-lg border border-line bg-[repeating-conic-gradient(var(--color-hover)_0_25%,transparent_0_50%)] bg-size-[16px_16px]"
    />
  );
}

/** As a data: address, and only of a picture that can hold no script; undefined for anything else. */
function imageOf({ type, data, mimeType, source }: Content): string | undefined {
  const kind = mimeType ?? source?.media_type ?? '';
  const bytes = data ?? source?.data ?? '';
  const isSafe = type === 'image' && /^image\/(png|jpeg|gif|webp|avif)$/.test(kind);
  return isSafe && /^[A-Za-z0-9+/=\s]+$/.test(bytes) ? `data:${kind};base64,${bytes}` : undefined;
}

/** JSON as a tree, Markdown drawn (or as it stands, to choose), anything else as it stands. */
function TextView({ text }: { text: string }) {
  const [isPlain, setPlain] = useState(false);
  const json = jsonIn(text);
  if (json !== undefined) return <JsonBox value={json} />;
  if (!looksLikeMarkdown(text)) return <Plain text={text} />;
  return (
    <div>
      {isPlain ? (
        <Plain text={text} />
      ) : (
        <div className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2">
          <Prose text={text} />
        </div>
      )}
      <button
        type="button"
        onClick={() => setPlain(!isPlain)}
        className="mt-1 text-[13px] text-ink-2 underline-offset-2 hover:text-ink hover:underline"
      >
        {isPlain ? t('Show it drawn') : t('Show it as it came')}
      </button>
    </div>
  );
}

const Plain = ({ text }: { text: string }) => (
  <pre className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] leading-relaxed break-words whitespace-pre-wrap">
    {text === '' ? <span className="text-ink-3">{t('Nothing.')}</span> : text}
  </pre>
);

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseExactJson(text);
  } catch {
    return undefined; // looks like JSON, and is none
  }
}

/** A heading, a fence, a table, bold words, or a list of two. */
const looksLikeMarkdown = (text: string): boolean =>
  /^#{1,6} \S|^```|^\|.*\|\s*\n\|[ :|-]+\||\*\*\S[^*]*\*\*/m.test(text) ||
  /^\s*(?:[-*]|\d+\.) .+\n\s*(?:[-*]|\d+\.) /m.test(text);

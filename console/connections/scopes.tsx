import { visibleText } from '../../src/contract/visible.ts';

/** What a login may do, in the words of its server. */
export const Scopes = ({ text }: { text: string }) => (
  <span className="flex flex-wrap gap-1.5">
    {text.split(/\s+/).map((scope) => (
      <code key={scope} className="rounded-md bg-sunken px-1.5 py-0.5 font-mono text-[12.5px] break-all">
        {visibleText(scope)}
      </code>
    ))}
  </span>
);

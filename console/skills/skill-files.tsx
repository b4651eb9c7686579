/** A skill's own files: what each step may read, looked at one by one. */
import type { SkillFiles } from '../../src/contract/skill-folder.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';

export const SkillFileList = ({ files }: { files: SkillFiles }) => (
  <ul className="divide-y divide-line">
    {Object.entries(files).map(([path, text]) => (
      <li key={path} className="px-4 py-2">
        <details>
          <summary className="flex cursor-pointer flex-wrap items-baseline justify-between gap-x-3">
            <span className="min-w-0 font-mono text-[13px] break-all">{visibleText(path)}</span>
            <span className="text-[13px] text-ink-2">
              {t('{text} characters', { text: text.length.toLocaleString(locale) })}
            </span>
          </summary>
          <pre className="mt-2 max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] break-words whitespace-pre-wrap">
            {visibleText(text)}
          </pre>
        </details>
      </li>
    ))}
  </ul>
);

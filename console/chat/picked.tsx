/** What goes with the next message. */
import { size } from '../ui/format.ts';
import { X } from '../ui/icons.tsx';
import { Paperclip } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';

/** One file, and how to leave it out. */
export const PickedFile = ({ name, bytes, onAway }: { name: string; bytes: number; onAway(): void }) => (
  <li className="flex items-center gap-2 rounded-md border border-line bg-sunken pl-2 text-[13px] leading-7">
    <Paperclip aria-hidden="true" className="size-3.5 text-ink-3" />
    <span className="max-w-48 truncate">{name}</span>
    <span className="text-ink-3">{size(bytes)}</span>
    <button
      type="button"
      aria-label={t('Take {name} away', { name })}
      onClick={onAway}
      className="flex size-7 items-center justify-center rounded text-ink-3 hover:text-bad"
    >
      <X className="size-3.5" />
    </button>
  </li>
);

export function Picked({
  files,
  problem,
  onFiles,
}: {
  files: readonly File[];
  problem: string | undefined;
  onFiles(files: readonly File[]): void;
}) {
  if (files.length === 0) return null;
  return (
    <div className="space-y-1 px-3 pt-3">
      <ul aria-label={t('Goes with the message')} className="flex flex-wrap gap-1.5">
        {files.map((file, index) => (
          <PickedFile
            // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name
            key={index}
            name={file.name}
            bytes={file.size}
            onAway={() => onFiles(files.filter((_, other) => other !== index))}
          />
        ))}
      </ul>
      {problem === undefined ? null : (
        <p role="alert" className="text-[13px] text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

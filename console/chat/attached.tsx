/** What was attached to a message: pictures as they are, all else by its name. */
import { addressOf } from '../../src/contract/address.ts';
import type { Attachment } from '../../src/contract/attachments.ts';
import { routes } from '../../src/contract/routes.ts';
import { size } from '../ui/format.ts';
import { Paperclip } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';

export function Attached({
  conversationId,
  attachments,
}: {
  conversationId: string;
  attachments: readonly Attachment[];
}) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label={t('Attached')} className="flex max-w-[85%] flex-wrap justify-end gap-2">
      {attachments.map(({ id, name, mediaType, bytes }) => {
        const url = addressOf(routes.getAttachment, { params: { id: conversationId, attachmentId: id } });
        return (
          <li key={id}>
            <a
              href={url}
              download={name}
              className="flex items-center gap-2 overflow-hidden rounded-lg border border-line bg-surface text-[13px] hover:border-line-strong"
            >
              {mediaType.startsWith('image/') ? (
                <img src={url} alt={name} className="max-h-56 max-w-64 object-contain" />
              ) : (
                <span className="flex items-center gap-2 px-3 py-2">
                  <Paperclip aria-hidden="true" className="size-3.5 text-ink-3" />
                  <span className="max-w-56 truncate">{name}</span>
                  <span className="text-ink-3">{size(bytes)}</span>
                </span>
              )}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

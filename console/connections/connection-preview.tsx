/** What a pasted connection would run or call, before anything is saved. */
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { ConnectionPreview } from '../../src/contract/imports.ts';
import { KeyRound, TriangleAlert } from '../ui/icons.tsx';
import { ShieldCheck } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { t, told } from '../words/t.ts';
import { ConnectionIcon } from './connection-icon.tsx';

export function Preview({ preview }: { preview: ConnectionPreview }) {
  const secrets = preview.values.filter(({ secret }) => secret);
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          <ConnectionIcon type={preview.type} className="size-4 text-ink-3" /> {preview.name}
        </span>
      }
      aside={<span className="text-[13px] text-ink-2">{told(connectionTypes[preview.type].words)}</span>}
    >
      <div className="space-y-3">
        <p className="text-[13px] font-medium text-ink-2">
          {preview.runs ? t('Would run, after your approval') : t('Would call, after your approval')}
        </p>
        <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] whitespace-pre-wrap break-all">
          {preview.runs ?? preview.dials}
        </pre>
        {secrets.length > 0 ? (
          <p className="flex gap-2 text-[13px] text-ink-2">
            <ShieldCheck aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
            <span>
              {t('Sealed:')} <Names fields={secrets.map(({ field }) => field)} />
            </span>
          </p>
        ) : null}
        {preview.missing.length > 0 ? (
          <p className="flex gap-2 text-[13px] text-wait">
            <KeyRound aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
            <span>
              {t('To be entered once it is saved:')} <Names fields={preview.missing} />
            </span>
          </p>
        ) : null}
        {preview.warnings.map((warning) => (
          <p key={warning} className="flex gap-2 text-[13px] text-wait">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> {sentence(warning)}
          </p>
        ))}
        {preview.exists ? (
          <p className="text-[13px] text-ink-2">
            {t('There is a connection {importedAs} already, so this one gets another name.', {
              importedAs: preview.importedAs,
            })}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

/** `/config/env/API_KEY` as a person names it. */
const Names = ({ fields }: { fields: string[] }) => (
  <span className="font-mono text-[12.5px]">
    {fields.map((field) => (field.split('/').at(-1) ?? '').replaceAll('~1', '/')).join(', ')}
  </span>
);

const sentence = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');

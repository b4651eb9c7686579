/** What Alfred asks to be allowed: the least that the connection needs is chosen, more and less are the person's to choose. */
import { useState } from 'react';
import type { LoginOffer } from '../../src/contract/logins.ts';
import { scopesIn } from '../../src/contract/scopes.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { Field, Input } from '../ui/field.tsx';
import { t } from '../words/t.ts';

type Props = { offer: LoginOffer; scope: string; onScope(scope: string): void };

/** More than these are shown when somebody asks for them. */
const firstShown = 8;

export function ScopeChoice({ offer, scope, onScope }: Props) {
  const [showsAll, setShowsAll] = useState(false);
  const chosen = scopesIn(scope);
  if (offer.scopes.length === 0)
    return (
      <Field label={t('What to ask for')} hint={t('Left empty, whatever that server gives by itself.')}>
        {(props) => (
          <Input
            {...props}
            autoComplete="off"
            spellCheck={false}
            value={scope}
            onChange={({ target }) => onScope(target.value)}
          />
        )}
      </Field>
    );
  const wanted = offer.scopes.filter((one) => one.wanted).length;
  const shown = showsAll ? offer.scopes : offer.scopes.slice(0, Math.max(wanted, firstShown));
  const toggle = (name: string, isOn: boolean) =>
    onScope((isOn ? [...chosen, name] : chosen.filter((one) => one !== name)).join(' '));
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{t('What Alfred may do')}</legend>
      <p className="text-[13px] text-ink-2">
        {t('Chosen is the least that the tools of this connection need.')}
      </p>
      <ul className="space-y-1.5">
        {shown.map(({ name, words }) => (
          <li key={name}>
            <label className="flex items-start gap-2.5">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-accent"
                checked={chosen.includes(name)}
                onChange={({ target }) => toggle(name, target.checked)}
              />
              <span className="min-w-0">
                {words === null ? null : <span className="block">{visibleText(words)}</span>}
                <code className="font-mono text-[12.5px] break-all text-ink-2">{visibleText(name)}</code>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {shown.length < offer.scopes.length ? (
        <button type="button" className="text-[13px] text-accent underline" onClick={() => setShowsAll(true)}>
          {t('Show all {scopes}', { scopes: offer.scopes.length })}
        </button>
      ) : null}
    </fieldset>
  );
}

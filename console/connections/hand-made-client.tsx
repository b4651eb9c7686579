/** As whom Alfred comes: by itself, as the client that is kept, or as one that the person makes there now. */
import type { LoginOffer } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { CopyField } from '../ui/copy.tsx';
import { Field, Input } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { SecretInput } from './secret-input.tsx';

export type Client = { clientId: string; clientSecret: string };
export const noClient: Client = { clientId: '', clientSecret: '' };

type Props = { offer: LoginOffer; client: Client; onClient(client: Client): void };

export function HandMadeClient({ offer, client, onClient }: Props) {
  const { kept, registers } = offer.client;
  if (kept === null && !registers) {
    return (
      <section className="space-y-4 rounded-xl border border-line bg-sunken/50 p-4">
        <HowTo offer={offer} />
        <Fields offer={offer} client={client} onClient={onClient} />
      </section>
    );
  }
  return (
    <details>
      <summary className="text-[13px] text-ink-2">
        {kept === null
          ? t('A client of your own')
          : t('As the client {kept}, which is kept; or another', { kept: visibleText(kept) })}
      </summary>
      <div className="mt-3 space-y-4">
        <HowTo offer={offer} />
        <Fields offer={offer} client={client} onClient={onClient} />
      </div>
    </details>
  );
}

function HowTo({ offer: { provider, redirect, issuer } }: { offer: LoginOffer }) {
  return (
    <div className="space-y-3">
      <h3 className="font-semibold">
        {t('First, make Alfred known at {issuer}', {
          issuer: provider === null ? visibleText(issuer) : provider.title,
        })}
      </h3>
      {provider === null ? (
        <p className="text-ink-2">
          {t(
            'Where it has developers register applications, make one: it gives you an id, and mostly a secret.',
          )}
        </p>
      ) : (
        <>
          <p>
            <a
              href={provider.clientUrl}
              target="_blank"
              rel="noreferrer"
              className="text-accent underline break-all"
            >
              {provider.clientUrl}
            </a>
          </p>
          <ol className="list-decimal space-y-1 pl-5 text-ink-2">
            {provider.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
      {redirect === null ? null : (
        <div className="space-y-1">
          <p className="text-[13px] text-ink-2">
            {t('The address to come back to (redirect URI, callback URL)')}
          </p>
          <CopyField text={redirect.uri} />
          {redirect.takes === 'https' && redirect.uri.startsWith('http:') ? (
            <p className="text-[13px] text-wait">
              {t(
                'It takes https addresses alone. Give Alfred one (ALFRED_PUBLIC_URL), or sign in from a terminal with --redirect-uri and an https address of your own choice.',
              )}
            </p>
          ) : null}
        </div>
      )}
      {provider !== null && provider.know.length > 0 ? (
        <ul className="list-disc space-y-1 pl-5 text-[13px] text-ink-2">
          {provider.know.map((trap) => (
            <li key={trap}>{trap}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Fields({ offer, client, onClient }: Props) {
  const { secret } = offer.client;
  return (
    <>
      <Field label={t('Client id')}>
        {(props) => (
          <Input
            {...props}
            autoComplete="off"
            spellCheck={false}
            value={client.clientId}
            onChange={({ target }) => onClient({ ...client, clientId: target.value })}
          />
        )}
      </Field>
      {secret === 'never' ? null : (
        <Field label={t('Client secret')} {...(secret === 'maybe' ? { hint: t('If it has one.') } : {})}>
          {(props) => (
            <SecretInput
              {...props}
              isNew
              value={client.clientSecret}
              onValue={(clientSecret) => onClient({ ...client, clientSecret })}
            />
          )}
        </Field>
      )}
    </>
  );
}

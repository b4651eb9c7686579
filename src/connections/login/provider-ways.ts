/** What a known provider wants otherwise than the standard has it, on the page where one signs in and at its token endpoint. */
import { providerCalled } from '../../contract/known-providers/known-providers.ts';

/** Brings the address of a sign-in into the form that its provider wants. */
export function dressPage(url: URL, provider: string | undefined): void {
  const known = providerCalled(provider);
  if (known === undefined) return;
  const { ask = {}, pkce, scopeField = 'scope', scopeSeparator = ' ' } = known;
  const { searchParams } = url;
  const scope = searchParams.get('scope');
  if (scope !== null) {
    searchParams.delete('scope');
    searchParams.set(scopeField, scope.split(' ').join(scopeSeparator));
  }
  if (!pkce) for (const field of ['code_challenge', 'code_challenge_method']) searchParams.delete(field);
  for (const [field, value] of Object.entries(ask)) searchParams.set(field, value);
}

/** Brings a form for a token endpoint into the form that its provider wants. */
export function dressForm(form: URLSearchParams, provider: string | undefined): void {
  const known = providerCalled(provider);
  if (known === undefined) return;
  if (!known.pkce) form.delete('code_verifier');
  for (const [field, value] of Object.entries(known.askForTokens ?? {})) form.set(field, value);
}

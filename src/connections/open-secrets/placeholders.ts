/** What stands in an imported text for a value that its author did not give away. */

/** Every form in which programs refer to a value that stands elsewhere, with its name in the one group that matched. */
const forms = [
  // GitHub and Continue: `${{ secrets.NAME }}`
  String.raw`\$\{\{\s*(?:[\w-]+\.)*([\w-]+)\s*\}\}`,
  // VS Code `${input:id}`, `${env:NAME}`, `${config:a.b}`; a shell's `${NAME}`; `${NAME:-}` without a default.
  String.raw`\$\{(?:input:|env:|config:|secret:|command:)?([A-Za-z_][\w.-]*)(?::-)?\}`,
  // LibreChat `{{NAME}}`, opencode `{env:NAME}` and `{file:path}`.
  String.raw`\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}`,
  String.raw`\{(?:env|file):([^{}\s]+)\}`,
  // A shell's `$NAME`, and `%NAME%` of Windows.
  String.raw`\$([A-Z][A-Z0-9_]{2,})\b`,
  '%([A-Z][A-Z0-9_]{2,})%',
].join('|');

const reference = () => new RegExp(forms, 'g');

/** `${NAME:-default}` of a shell: without the variable, the default holds. */
const withDefault = /\$\{(?:env:)?[A-Za-z_]\w*:-([^{}]+)\}/g;

export const fillDefaults = (text: string): string => text.replace(withDefault, '$1');

const nameOf = (id: string): string => id.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+(?=.)|_+$/g, '');

/** @param name made into one that an entry of `secrets` may have */
export const referenceTo = (name: string): string => `\${${nameOf(name).replace(/^(?=\d)/, '_') || 'VALUE'}}`;

/** `text` with every reference as `${NAME}`, the one form that arguments and addresses of a connection know. */
export const asReferences = (text: string): string =>
  fillDefaults(text).replace(reference(), (...groups) =>
    referenceTo(String(groups.slice(1, 7).find((group) => typeof group === 'string') ?? '')),
  );

/** The names of references in texts that went through `asReferences`. */
export const referencesIn = (texts: readonly string[]): string[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, id = '']) => nameOf(id))),
  ),
];

/** Words that READMEs put where a key goes, once what is usual before a key (`Bearer `, `sk-`) is taken off. */
const standIns = [
  /^$/,
  /^[x*.…?#_\-0\s]+$/i,
  /\.{3}|…/,
  /x{5,}|\*{3,}/i,
  /<[^<>]{1,60}>|\[[A-Za-z][A-Za-z _-]{2,40}\]|^\{[A-Za-z][\w -]{2,40}\}$/,
  /(?:^|[^a-z])your(?:$|[^a-z]|[A-Z])|^YOUR[A-Z]/,
  /(?:^|[^a-z])(?:YOUR|Your)(?:$|[^A-Za-z]|[A-Z])/,
  /^(?:my|some|the|an?)[-_ ](?:.*[-_ ])?(?:token|key|secret|password|pat|id)$/i,
  /^(?:replace|insert|enter|paste|put|add|fill|set|provide|change)[-_ ]?(?:me|this|with|here|in|it|an?|the)(?:$|[^a-z])/i,
  /[-_ ](?:goes[-_ ])?here$/i,
  /^(?:change-?me|placeholder|example|dummy|fake|sample|todo|tbd|redacted|secret|password|passwd|token|access[-_ ]?token|api[-_ ]?key|apikey|bot[-_ ]?token|client[-_ ]?secret)$/i,
  /^(?=[A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PAT|CREDENTIAL))[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/,
  /:\/\/(?:user|username|admin|myuser|me)?:(?:pass|password|passwd|mypassword|secret|pwd)@/i,
];
const beforeKey =
  /^(?:(?:bearer|basic|token|apikey|bot)[\s:=]+)?(?:sk-(?:ant-|proj-|or-v1-)?(?:api\d+-)?|[sprk]k_(?:live|test)_|gh[opsur]_|github_pat_|gl(?:pat|sa)[-_]|xox[abeoprs]-|xapp-|AKIA|AIza(?:Sy)?|whsec_|shpat_|npm_|hf_|lin_api_|secret_|ntn_|SG\.|pat-|figd_|tvly-|fc-|pplx-|r8_|gsk_|BSA|eyJ)?/i;

/** Whether `value` stands for another that is to be filled in: a reference, or a word that READMEs put in a key's place. */
export function isPlaceholder(value: string): boolean {
  if (reference().test(fillDefaults(value))) return true;
  if (value === '') return false;
  return isStandIn(value) || passwordsIn(value).some(isStandIn);
}

const isStandIn = (value: string): boolean => {
  const rest = value.trim().replace(beforeKey, '');
  return standIns.some((form) => form.test(rest));
};

/** The passwords of addresses in a text. */
const passwordsIn = (text: string): string[] =>
  [...text.matchAll(/:\/\/[^/@\s:]*:([^/@\s]+)@/g)].map(([, password = '']) => password);

/** True when `value` is nothing but a placeholder: no text around a reference. */
export const isWholePlaceholder = (value: string): boolean =>
  /^\$\{[A-Za-z_]\w*\}$/.test(value) || (!/\$\{/.test(value) && isPlaceholder(value));

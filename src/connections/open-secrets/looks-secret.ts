/** What a secret looks like: by its name, by its first characters, and by how its characters are spread. */

const names =
  /(api[-_]?key|access[-_]?key|private[-_]?key|license[-_]?key|secret|token|passw(or)?d|pass(phrase|code)|pwd|credential|auth|bearer|jwt|cookie|session|signature|dsn|mnemonic|connection[-_]?string|webhook[-_]?url)|(^|[-_])(key|pat|pin|pass|otp|seed)$|[a-z](Key|Pat|Pass)$/i;
/** What is about a secret, and none: `--token-file`, `--auth-type`. */
const isAbout =
  /(dir|path|file|url|uri|name|type|mode|method|provider|scheme|flow|ttl|expiry|limit|count|length|size|port|host|enabled|[-_]?env([-_]var)?|[-_]id|Id)$/i;

/** True for a name that announces a secret, such as `--api-key`. */
export const namesSecret = (name: string): boolean =>
  names.test(name) && (!isAbout.test(name) || /secret[-_]?id$/i.test(name));

/** True for a name that has to do with one, as `AUTH_URL` has. */
export const speaksOfSecret = (name: string): boolean => names.test(name);

/** Beginnings that the issuers of keys print on them, each with as much behind it as tells it from a word. */
const issued = [
  '(?:sk|pk|rk)[-_](?=[\\w-]*\\d)[\\w-]{8,}',
  'gh[opsur]_[A-Za-z0-9]{6,}',
  'github_pat_\\w{8,}',
  'gl(?:pat|dt|rt|sa|soat|cbt)[-_][\\w-]{6,}',
  'xox[abeoprs]-[\\w-]{6,}',
  'xapp-[\\w-]{6,}',
  'A(?:KIA|SIA)[A-Z0-9]{8,}',
  'AIza[\\w-]{8,}',
  'ya29\\.[\\w-]{6,}',
  'eyJ[\\w-]{6,}(?:\\.[\\w-]+)*',
  '(?:whsec|shpat|shpss|lin_api|ntn|dop_v1|figd|gsk|r8|sntrys|sntryu|sbp|glc|lsv2|phx|e2b|secret)_(?=\\w*\\d)\\w{6,}',
  '(?:npm|hf)_[A-Za-z0-9]{16,}',
  '(?:tvly|pplx|nvapi|fc|pypi)-(?=[\\w-]*\\d)[\\w-]{8,}',
  'SG\\.[\\w-]{6,}[\\w.-]*',
  'ATATT[\\w=-]{8,}',
  'dapi[0-9a-f]{16,}',
  'AGE-SECRET-KEY-[A-Z0-9]{8,}',
  '\\d{8,10}:AA[\\w-]{20,}',
  '-----BEGIN [^-]*-----[\\s\\S]*',
].join('|');
const known = new RegExp(`^(?:${issued})`);

/** Every key in a text that its issuer's beginning gives away. */
export const keysIn = (text: string): string[] => [
  ...new Set(text.match(new RegExp(`(?<![A-Za-z0-9_-])(?:${issued})`, 'g')) ?? []),
];

/** True where a value begins like a known kind of key. */
export const beginsLikeKey = (value: string): boolean => known.test(value);

const loginInAddress = /[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i;

/** True for an address with a password in it, wherever it stands. */
export const holdsLogin = (value: string): boolean => loginInAddress.test(value);

/** True for a value that is a key by its looks alone. */
export const looksLikeKey = (value: string): boolean => beginsLikeKey(value) || holdsLogin(value);

/** Bits per character of `text`, as its characters are distributed (Shannon 1948). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What pins a version: the digest of an image, a commit of a repository. */
export const pin = /@sha\d+:[0-9a-f]+|(?<=\.git|git\+[^@]*)[@#][0-9a-f]{7,64}|#[0-9a-f]{40}/gi;
const hasBoth = (run: string) => /\d/.test(run) && /[a-z]/i.test(run);

/** True for a word that is of no language: long, of letters and digits in one run, and evenly spread. */
export function looksRandom(text: string): boolean {
  if (uuid.test(text)) return true;
  const runs = text.replace(pin, '').split(/[^A-Za-z0-9]+/);
  const isRandom = (run: string) => run.length >= 16 && entropyOf(run) > 2.9;
  const switches = (run: string) => run.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return (
    runs.some((run) => isRandom(run) && (hasBoth(run) || (run.length >= 20 && switches(run) >= 5))) ||
    (text.length >= 20 && runs.filter((run) => run.length >= 4 && hasBoth(run)).length >= 3)
  );
}

const settings =
  /^(node_env|environment|env|region|.*[-_]region|lang|tz|timezone|accept|content-type|user-agent|log[-_]?level|debug|port|host|hostname|.*[-_](host|port|dir|directory|path|file|level|mode|format|region|locale|version|timeout|limit|enabled|name|id|model|url|uri|endpoint|email|user|username))$/i;
const ordinary =
  /^(true|false|yes|no|on|off|null|none|\d{1,6}|development|production|staging|test|info|warn|error|debug)$/i;

/** True for a name that announces a setting, such as `LOG_LEVEL`. */
export const namesSetting = (name: string): boolean => settings.test(name);

/** True for a word or number that is nobody's secret, whatever its name. */
export const isOrdinary = (value: string): boolean => ordinary.test(value);

/** True for a path in the file system. */
export const isPath = (value: string): boolean =>
  /^(\/|~\/|\.{1,2}\/|[A-Za-z]:\\|file:\/\/|sqlite:\/\/)/.test(value) && !looksRandom(value);

/** True for the path of a file with its ending, as a variable that names credentials often holds. */
export const isFilePath = (value: string): boolean =>
  /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/](?:[^\\/]+[\\/])+[^\\/]+\.[A-Za-z][A-Za-z0-9]{1,5}$/.test(value) &&
  !looksRandom(value);

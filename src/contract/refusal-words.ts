/** Why Core refused a VM's report, and what helps, as a person reads it. */
const reasons: Readonly<Record<string, string>> = {
  E_VALIDATION: 'does not fit',
  E_MALFORMED: 'is no JSON that Core reads',
  E_TOO_LARGE: 'is longer than a report is',
  E_UNSUPPORTED_MEDIA: 'is said to be no JSON',
  E_CONFLICT: 'has an id under which another report stands',
};

/** @param because as Core keeps it: the code of the error, and which of a report's fields it named */
export function refusalWords(because: string | null): string {
  const [code = '', ...fields] = (because ?? '').split(' ').filter((word) => word !== '');
  const named = fields
    .map((field) => (field === 'another' ? 'a field that no report has' : field))
    .join(', ');
  const why = `its report ${reasons[code] ?? `is refused${code === '' ? '' : ` with ${code}`}`}`;
  return named === '' ? why : `${why}: ${named}`;
}
